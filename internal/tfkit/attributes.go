package tfkit

import (
	datasource "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// IDAttribute is the ID that CommPeak gives an object.
func IDAttribute(object string) schema.Attribute {
	return StableAttribute("ID of the " + object + ".")
}

// StableAttribute is text that CommPeak decides when it creates an object, and
// that does not change afterwards.
func StableAttribute(description string) schema.Attribute {
	return schema.StringAttribute{
		MarkdownDescription: description,
		Computed:            true,
		PlanModifiers:       []planmodifier.String{stringplanmodifier.UseNonNullStateForUnknown()},
	}
}

// StreamIDAttribute is the stream that a resource belongs to.
func StreamIDAttribute(description string) schema.Attribute {
	return schema.StringAttribute{
		MarkdownDescription: description,
		Required:            true,
		Validators:          []validator.String{StreamID()},
		PlanModifiers:       []planmodifier.String{planStreamID{}, stringplanmodifier.RequiresReplace()},
	}
}

// StreamIDOfData is the stream that a data source reads.
func StreamIDOfData(description string) datasource.Attribute {
	return datasource.StringAttribute{
		MarkdownDescription: description,
		Required:            true,
		Validators:          []validator.String{StreamID()},
	}
}

// Identity describes what identifies a resource; every part is needed to import
// it.
func Identity(descriptions map[string]string) identityschema.Schema {
	attributes := map[string]identityschema.Attribute{}
	for name, description := range descriptions {
		attributes[name] = identityschema.StringAttribute{RequiredForImport: true, Description: description}
	}
	return identityschema.Schema{Attributes: attributes}
}
