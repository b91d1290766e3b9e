package tfkit

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/commpeak/terraform-provider-commpeak/internal/commpeak"
)

// refusedRead is a read that the account's API does not offer.
func refusedRead(failed *commpeak.Error) cause {
	advice := "Your account does not offer this call. "
	if !failed.Documented {
		advice = "CommPeak does not document this call: the provider assumes it, and your account does not offer it. "
	}
	return cause{advice: advice + "Remove this block. Everything that uses documented calls still works.", section: "reads-refused"}
}

// refusedWrite returns what to do about a write that the account's API does not offer. It is about
// this call only: others may work.
func refusedWrite(failed *commpeak.Error) string {
	if failed.Documented {
		return "Your account does not offer this call."
	}
	const assumed = "CommPeak does not document this call: the provider assumes it, and your account does not offer it.\n\n"
	if strings.HasPrefix(failed.Operation, "change the allowed IPs") {
		streamID := pathSegments(failed)[1]
		return assumed + fmt.Sprintf("Change the allowed IPs in the console. If this plan creates the resource, import it afterwards: "+
			"the ID is %q for a commpeak_allowed_ips and \"%s/IP\" for a commpeak_allowed_ip.", streamID, streamID)
	}
	object := objectOf(failed)
	switch {
	case object.resourceType == "":
		return strings.TrimSpace(assumed)
	case failed.Method == http.MethodDelete:
		return assumed + fmt.Sprintf("Delete the %s in the console: the next plan then no longer contains it. "+
			"To keep it and only stop managing it, replace the resource by:\n\n"+
			"removed {\n  from = %s.NAME\n  lifecycle {\n    destroy = false\n  }\n}", object.name, object.resourceType)
	case failed.Method == http.MethodPatch || failed.Method == http.MethodPut:
		return assumed + fmt.Sprintf("Change the %s in the console as the plan shows. The next plan is then empty.", object.name)
	case object.resourceType == tokenResource:
		return assumed + "Reset the token in the console. Then import the new resource, or undo the change of reset_triggers: " +
			"the next apply adopts the new token.\n\n" + importBlock(object.resourceType, object.importID)
	}
	return assumed + fmt.Sprintf("Create the %s in the console. Then import it, or the next plan creates it again:\n\n%s",
		object.name, importBlock(object.resourceType, object.importID))
}

// remoteObject is what a request is about, as Terraform names it.
type remoteObject struct{ name, resourceType, importID string }

const tokenResource = "commpeak_stream_token"

// objectOf returns the object that a request writes.
func objectOf(failed *commpeak.Error) remoteObject {
	segments := pathSegments(failed)
	if len(segments) == 0 || segments[0] != "streams" {
		return remoteObject{}
	}
	if len(segments) < 3 {
		return remoteObject{"stream", "commpeak_stream", "STREAM_ID"}
	}
	streamID := segments[1]
	switch segments[2] {
	case "events":
		return remoteObject{"event template", "commpeak_event_template", streamID + "/EVENT_ID"}
	case "webhooks":
		return remoteObject{"webhook", "commpeak_webhook", streamID + "/WEBHOOK_ID"}
	case "token":
		return remoteObject{"token", tokenResource, streamID}
	}
	return remoteObject{}
}

func pathSegments(failed *commpeak.Error) []string {
	return strings.Split(strings.Trim(failed.Path, "/"), "/")
}

// importBlock is the block that imports an object. The ID of one whose ID is not known contains a placeholder
// in capitals.
func importBlock(resourceType, importID string) string {
	placeholders := "NAME with the name of this resource"
	if id := importID[strings.LastIndex(importID, "/")+1:]; id == strings.ToUpper(id) && strings.HasSuffix(id, "_ID") {
		placeholders += ", and " + id + " with the ID in the console"
	}
	return fmt.Sprintf("import {\n  to = %s.NAME\n  id = %q\n}\n\nReplace %s.", resourceType, importID, placeholders)
}
