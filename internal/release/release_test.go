// Package release holds the test of a release: `make release-check` runs it on what `make release-snapshot` built. What the
// Terraform registry demands is said at developer.hashicorp.com/terraform/registry/providers/publishing.
package release_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/packet"
)

const provider = "terraform-provider-commpeak"

// programs are released next to the provider: their names, and their folders in internal/cmd.
var programs = map[string]string{"commpeak-mock": "commpeak-mock", "commpeak-doctor": "doctor"}

// platforms are those that the registry recommends, and a few more.
var platforms = []string{
	"darwin_amd64", "darwin_arm64",
	"freebsd_386", "freebsd_amd64", "freebsd_arm", "freebsd_arm64",
	"linux_386", "linux_amd64", "linux_arm", "linux_arm64",
	"windows_386", "windows_amd64", "windows_arm64",
}

var programPlatforms = []string{"darwin_amd64", "darwin_arm64", "linux_amd64", "linux_arm64", "windows_amd64", "windows_arm64"}

// built is a release that lies in a directory.
type built struct{ dir, version string }

// release is the one to be tested.
func release(t *testing.T) built {
	t.Helper()
	r := built{os.Getenv("RELEASE_DIST"), os.Getenv("RELEASE_VERSION")}
	if r.dir == "" {
		t.Skip("RELEASE_DIST is not set: there is no release to test")
	}
	return r
}

// name is that of a file of the release: PROGRAM_VERSION_REST.
func (r built) name(program, rest string) string { return program + "_" + r.version + "_" + rest }

func (r built) read(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(r.dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// sums and manifest are what the registry reads first.
func (r built) sums() string     { return r.name(provider, "SHA256SUMS") }
func (r built) manifest() string { return r.name(provider, "manifest.json") }

// summed are the files that the list of checksums must name.
func (r built) summed() []string {
	names := []string{r.manifest()}
	for _, platform := range platforms {
		names = append(names, r.name(provider, platform+".zip"), r.name(provider, platform+".cdx.json"))
	}
	for program := range programs {
		for _, platform := range programPlatforms {
			names = append(names, r.name(program, platform+".tar.gz"), r.name(program, platform+".cdx.json"))
		}
	}
	slices.Sort(names)
	return names
}

// checksums reads the list of checksums: a sum for each name.
func (r built) checksums(t *testing.T) map[string]string {
	t.Helper()
	sums := map[string]string{}
	for line := range strings.Lines(string(r.read(t, r.sums()))) {
		found := regexp.MustCompile(`^([0-9a-f]{64})  (\S+)\n$`).FindStringSubmatch(line)
		if len(found) != 3 || sums[found[2]] != "" {
			t.Fatalf("a line of the checksums is odd: %q", line)
		}
		sums[found[2]] = found[1]
	}
	return sums
}

func TestChecksums(t *testing.T) {
	t.Parallel()
	r := release(t)
	sums := r.checksums(t)
	var names []string
	for name, want := range sums {
		names = append(names, name)
		if name == r.manifest() {
			continue // Published under this name, and lies in the tree under another.
		}
		if sum := sha256.Sum256(r.read(t, name)); hex.EncodeToString(sum[:]) != want {
			t.Errorf("the checksum of %s is wrong", name)
		}
	}
	slices.Sort(names)
	if want := r.summed(); !slices.Equal(names, want) {
		t.Errorf("there are checksums of\n%s\nnot of\n%s", strings.Join(names, "\n"), strings.Join(want, "\n"))
	}
}

func TestManifest(t *testing.T) {
	t.Parallel()
	r := release(t)
	text, err := os.ReadFile("../../terraform-registry-manifest.json")
	if err != nil {
		t.Fatal(err)
	}
	if sum := sha256.Sum256(text); hex.EncodeToString(sum[:]) != r.checksums(t)[r.manifest()] {
		t.Error("the checksum of the manifest is wrong")
	}
	var manifest struct {
		Version  int
		Metadata struct {
			ProtocolVersions []string `json:"protocol_versions"`
		}
	}
	if err := json.Unmarshal(text, &manifest); err != nil || manifest.Version != 1 || !slices.Equal(manifest.Metadata.ProtocolVersions, []string{"6.0"}) {
		t.Errorf("the manifest says %+v, %v", manifest, err)
	}
}

// The list of checksums is signed in binary form, by a key of a kind that the registry takes.
func TestSignature(t *testing.T) {
	t.Parallel()
	r := release(t)
	keys, err := openpgp.ReadArmoredKeyRing(bytes.NewReader(r.read(t, "throw-away-key.asc")))
	if err != nil {
		t.Fatal(err)
	}
	signer, err := openpgp.CheckDetachedSignature(keys, bytes.NewReader(r.read(t, r.sums())), bytes.NewReader(r.read(t, r.sums()+".sig")), nil)
	if err != nil {
		t.Fatal(err)
	}
	if algorithm := signer.PrimaryKey.PubKeyAlgo; algorithm != packet.PubKeyAlgoRSA {
		t.Errorf("the key's algorithm is %d, not RSA", algorithm)
	}
}

// content is a file of an archive.
type content struct {
	mode os.FileMode
	text []byte
}

func TestProviderArchives(t *testing.T) {
	t.Parallel()
	r := release(t)
	for _, platform := range platforms {
		t.Run(platform, func(t *testing.T) {
			t.Parallel()
			text := r.read(t, r.name(provider, platform+".zip"))
			archive, err := zip.NewReader(bytes.NewReader(text), int64(len(text)))
			if err != nil {
				t.Fatal(err)
			}
			files := map[string]content{}
			for _, file := range archive.File {
				opened, err := file.Open()
				if err != nil {
					t.Fatal(err)
				}
				inside, err := io.ReadAll(opened)
				if err != nil {
					t.Fatal(err)
				}
				files[file.Name] = content{file.Mode(), inside}
			}
			checkFiles(t, files, provider+"_v"+r.version, platform, "github.com/commpeak/terraform-provider-commpeak")
		})
	}
}

func TestProgramArchives(t *testing.T) {
	t.Parallel()
	r := release(t)
	for program, folder := range programs {
		for _, platform := range programPlatforms {
			t.Run(program+"_"+platform, func(t *testing.T) {
				t.Parallel()
				files := untar(t, r.read(t, r.name(program, platform+".tar.gz")))
				checkFiles(t, files, program, platform, "github.com/commpeak/terraform-provider-commpeak/internal/cmd/"+folder)
			})
		}
	}
}

func untar(t *testing.T, text []byte) map[string]content {
	t.Helper()
	unzipped, err := gzip.NewReader(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]content{}
	for archive := tar.NewReader(unzipped); ; {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return files
		}
		if err != nil {
			t.Fatal(err)
		}
		inside, err := io.ReadAll(archive)
		if err != nil {
			t.Fatal(err)
		}
		files[header.Name] = content{header.FileInfo().Mode(), inside}
	}
}

// checkFiles demands the program and the licence, and nothing else; of the program, that it is for the platform, needs no
// library of the system, and does not tell where it was built.
func checkFiles(t *testing.T, files map[string]content, program, platform, path string) {
	t.Helper()
	system, architecture, _ := strings.Cut(platform, "_")
	if system == "windows" {
		program += ".exe"
	}
	if len(files) != 2 || len(files["LICENSE"].text) == 0 {
		t.Errorf("the archive has %d files, not %s and LICENSE", len(files), program)
	}
	executable, is := files[program]
	if !is {
		t.Fatalf("the archive has no %s", program)
	}
	if executable.mode.Perm() != 0o755 {
		t.Errorf("the program has mode %s", executable.mode)
	}
	info, err := buildinfo.Read(bytes.NewReader(executable.text))
	if err != nil {
		t.Fatal(err)
	}
	if info.Path != path {
		t.Errorf("the program is %s", info.Path)
	}
	for name, want := range map[string]string{"GOOS": system, "GOARCH": architecture, "CGO_ENABLED": "0", "-trimpath": "true"} {
		if got := setting(info, name); got != want {
			t.Errorf("%s is %q, not %q", name, got, want)
		}
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(executable.text, []byte(root)) {
		t.Error("the program tells where it was built")
	}
}

func setting(info *debug.BuildInfo, name string) string {
	for _, s := range info.Settings {
		if s.Key == name {
			return s.Value
		}
	}
	return ""
}

// A bill of materials names the program, and the modules in it.
func TestBillsOfMaterials(t *testing.T) {
	t.Parallel()
	r := release(t)
	all := map[string][]string{provider: platforms}
	for program := range programs {
		all[program] = programPlatforms
	}
	for program, of := range all {
		for _, platform := range of {
			var bill struct {
				BOMFormat  string
				Components []struct{ Name, Version string }
				Metadata   struct {
					Component struct{ Name, Version string }
				}
			}
			name := r.name(program, platform+".cdx.json")
			if err := json.Unmarshal(r.read(t, name), &bill); err != nil {
				t.Fatal(err)
			}
			var modules []string
			for _, component := range bill.Components {
				modules = append(modules, component.Name)
			}
			main := fmt.Sprintf("%s %s", bill.Metadata.Component.Name, bill.Metadata.Component.Version)
			if bill.BOMFormat != "CycloneDX" || main != "github.com/commpeak/terraform-provider-commpeak v"+r.version || !slices.Contains(modules, "std") {
				t.Errorf("%s is of %s, with %d modules", name, main, len(modules))
			}
			if framework := slices.Contains(modules, "github.com/hashicorp/terraform-plugin-framework"); framework != (program == provider) {
				t.Errorf("%s names the framework: %t", name, framework)
			}
		}
	}
}
