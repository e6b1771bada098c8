package main

import (
	"bytes"
	"fmt"
	"math"
	"runtime"
)

// String is a row on a terminal.
func (r result) String() string {
	return fmt.Sprintf("%6.1f × (goal %g)  ours %.3f s, peer %.3f s of processor time  %s", r.ratio(), r.goal, median(r.ours, cpu), median(r.peer, cpu), r.name)
}

// page is the table.
func page(table []result, turns int, versions string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# Speed beside numpy, scipy and scikit-learn\n\n"+
		"Written by `go run ./cmd/speed`: %d turns, ours and the peer one after the other, each on one thread; medians. Ours is a whole run with its\n"+
		"records, without figures; a peer is an idiomatic program of the same recursion and measures (`cmd/speed/peers`), without its imports. Only the\n"+
		"ratios mean something: seconds are of one machine. %s; %s/%s.\n\n"+
		"Execution: whether rows were made, or their sufficient statistics were drawn instead, which obey the same law. Both sides say the\n"+
		"same number at the end: that it agrees shows that they did the same work (SE: of the difference; one chain has none).\n\n"+
		"| row | execution | ours cpu s | peer cpu s | ratio | goal | wall ratio | checked | ours | peer | SE apart |\n|---|---|---|---|---|---|---|---|---|---|---|\n",
		turns, versions+"; "+runtime.Version(), runtime.GOOS, runtime.GOARCH)
	for _, r := range table {
		goal, apart := "", ""
		switch {
		case r.goal == 0:
		case r.ratio() >= r.goal:
			goal = fmt.Sprintf("≥ %g", r.goal)
		default:
			goal = fmt.Sprintf("≥ %g, **short**", r.goal)
		}
		if x := r.apart(); !math.IsNaN(x) {
			apart = fmt.Sprintf("%.1f", x)
		}
		fmt.Fprintf(&b, "| %s | %s | %.3f | %.3f | **%.1f** | %s | %.1f | %s | %.5g | %.5g | %s |\n", r.name, r.ours[0].Execution, median(r.ours, cpu), median(r.peer, cpu),
			r.ratio(), goal, median(r.peer, wall)/median(r.ours, wall), r.check, r.ours[0].Mean, r.peer[0].Mean, apart)
	}
	return b.Bytes()
}
