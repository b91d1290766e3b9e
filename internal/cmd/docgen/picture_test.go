package main

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

func TestDrawIsXML(t *testing.T) {
	t.Parallel()
	var drawn strings.Builder
	if err := draw([]string{"$ terraform plan", `  + name = "<A> & B"`, strings.Repeat("x", 101)}, &drawn); err != nil {
		t.Fatal(err)
	}
	for decoder := xml.NewDecoder(strings.NewReader(drawn.String())); ; {
		if _, err := decoder.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("not XML: %s", err)
		}
	}
	for _, want := range []string{
		`class="command" xml:space="preserve">$ terraform plan<`, `class="add"`, "&lt;A&gt; &amp; B", strings.Repeat("x", 99) + "…<",
	} {
		if !strings.Contains(drawn.String(), want) {
			t.Errorf("the picture lacks %s: %s", want, &drawn)
		}
	}
}

func TestPictureHasTheChosenSections(t *testing.T) {
	t.Parallel()
	const all = "x\nbegin\none\nend\nno\nbegin again\ntwo\nend\n"
	var drawn strings.Builder
	if err := picture([]string{"gin", "end", "again", "end"}, strings.NewReader(all), &drawn); err != nil {
		t.Fatal(err)
	}
	for words, want := range map[string]bool{">begin<": true, ">one<": true, ">begin again<": true, ">two<": true, ">x<": false, ">end<": false, ">no<": false} {
		if got := strings.Contains(drawn.String(), words); got != want {
			t.Errorf("the picture contains %s: %t", words, got)
		}
	}
	for _, words := range [][]string{nil, {"one"}, {"two", "three"}, {"zero", "end"}} {
		if err := picture(words, strings.NewReader(all), io.Discard); err == nil {
			t.Errorf("%q is accepted", words)
		}
	}
}
