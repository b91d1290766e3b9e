// Command docgen generates the parts of the documentation that tfplugindocs cannot:
//
//	docgen evidence SCHEMA.json           adds the API calls of each object to the descriptions of a provider schema
//	docgen picture FROM TO [FROM TO …]    draws lines of a program's output, read from standard input, as an SVG terminal
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
)

func main() {
	if err := run(os.Args[1:], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string, in io.Reader, out io.Writer) error {
	if len(args) > 0 {
		switch args[0] {
		case "evidence":
			return evidence(args[1:])
		case "picture":
			return picture(args[1:], in, out)
		}
	}
	return errors.New("usage: docgen evidence SCHEMA.json | docgen picture FROM TO [FROM TO …]")
}
