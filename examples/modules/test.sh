#!/bin/sh
# Tests every module in the folder of this script, with Terraform or the program in CLI:
#
#   commpeak-mock -quiet -expect-empty ./test.sh
#   CLI=tofu commpeak-mock -quiet -expect-empty ./test.sh
set -eu

# Refuses to run on a real account.
case "${COMMPEAK_ENDPOINT:-}" in
http://127.0.0.1:*) ;;
*)
	echo "There is no mock server. Run: commpeak-mock -quiet -expect-empty $0" >&2
	exit 2
	;;
esac

cd "$(dirname "$0")"
for tests in */tests; do
	module=${tests%/tests}
	echo "==> $module"
	"${CLI:-terraform}" -chdir="$module" init -input=false
	"${CLI:-terraform}" -chdir="$module" test
done
