package main

import (
	"fmt"
	"strings"
	"time"
)

// Measures of the plot, in pixels.
const (
	plotWidth  = 760
	labelWidth = 270
	barHeight  = 16
	rowHeight  = 52
	plotTop    = 56
)

// plot draws, for each scenario, how long a plan takes in relation to the provider that sends no
// requests.
func plot(results []result, latency time.Duration) string {
	longest := 1.0
	for _, r := range results {
		longest = max(longest, r.ratio(single), r.ratio(shared))
	}
	scale := (plotWidth - labelWidth - 70) / longest
	height := plotTop + len(results)*rowHeight + 24

	var svg strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&svg, format+"\n", args...) }
	say(`<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" font-family="sans-serif" font-size="13">`, plotWidth, height, plotWidth, height)
	say(`<title>How long a plan takes in relation to a provider that sends no requests</title>`)
	say(`<rect width="%d" height="%d" fill="#fff"/>`, plotWidth, height)
	legend := func(x int, colour, text string) {
		say(`<rect x="%d" y="14" width="12" height="12" fill="%s"/><text x="%d" y="25">%s</text>`, x, colour, x+18, text)
	}
	legend(labelWidth, "#1f6feb", shared)
	legend(labelWidth+150, "#d0d7de", single)
	one := labelWidth + scale
	say(`<line x1="%.1f" y1="40" x2="%.1f" y2="%d" stroke="#57606a" stroke-dasharray="4 3"/>`, one, one, height-24)
	say(`<text x="%.1f" y="%d" text-anchor="middle" fill="#57606a">1 = %s; the API answers after %s</text>`, max(one, labelWidth+120), height-8, idle, latency)
	for i, r := range results {
		y := plotTop + i*rowHeight
		say(`<text x="%d" y="%d" text-anchor="end">%s</text>`, labelWidth-12, y+barHeight+5, r.name)
		for j, bar := range []struct{ name, colour string }{{shared, "#1f6feb"}, {single, "#d0d7de"}} {
			ratio, top := r.ratio(bar.name), y+j*(barHeight+3)
			say(`<rect x="%d" y="%d" width="%.1f" height="%d" fill="%s"/>`, labelWidth, top, ratio*scale, barHeight, bar.colour)
			say(`<text x="%.1f" y="%d">%.2f</text>`, labelWidth+ratio*scale+6, top+barHeight-3, ratio)
		}
	}
	say(`</svg>`)
	return svg.String()
}
