package main

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

func TestDraw(t *testing.T) {
	t.Parallel()
	var picture strings.Builder
	if err := draw([]string{"$ terraform plan", `  + name = "<A> & B"`, strings.Repeat("x", 101)}, &picture); err != nil {
		t.Fatal(err)
	}
	for decoder := xml.NewDecoder(strings.NewReader(picture.String())); ; {
		if _, err := decoder.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("it is no XML: %s", err)
		}
	}
	for _, want := range []string{
		`class="command" xml:space="preserve">$ terraform plan<`, `class="add"`, "&lt;A&gt; &amp; B", strings.Repeat("x", 99) + "…<",
	} {
		if !strings.Contains(picture.String(), want) {
			t.Errorf("the picture lacks %s: %s", want, &picture)
		}
	}
}

func TestRun(t *testing.T) {
	t.Parallel()
	const all = "x\nbegin\none\nend\nno\nbegin again\ntwo\nend\n"
	var picture strings.Builder
	if err := run([]string{"gin", "end", "again", "end"}, strings.NewReader(all), &picture); err != nil {
		t.Fatal(err)
	}
	for words, want := range map[string]bool{">begin<": true, ">one<": true, ">begin again<": true, ">two<": true, ">x<": false, ">end<": false, ">no<": false} {
		if got := strings.Contains(picture.String(), words); got != want {
			t.Errorf("the picture holds %s: %t", words, got)
		}
	}
	for _, words := range [][]string{nil, {"one"}, {"two", "three"}, {"zero", "end"}} {
		if err := run(words, strings.NewReader(all), io.Discard); err == nil {
			t.Errorf("%q is taken", words)
		}
	}
}
