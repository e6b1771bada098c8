package evaluate

// Heterozygosity is 1 − Σ q², the chance that two draws differ. Its expectation has closed laws; h is that of the
// truth, rows[g] are the draws of generation g, and out[g] is that of generation g's fit, from generation 0 on.

// HeterozygosityReplace is E H_g = h·Π_{i≤g} (1 − 1/rows_i): Seddik et al. 2024 (arXiv 2404.05090), the recursion
// behind S_m = 1 − (1−1/n)^m (1−S_0), read after g + 1 fits and with a size of its own in every generation.
func HeterozygosityReplace(h float64, rows []int) (out []float64) {
	for _, m := range rows {
		h = float64(h * (1 - 1/float64(m)))
		out = append(out, h)
	}
	return out
}

// HeterozygosityAccumulate is E H_g = h·Π_{i≤g} (1 − rows_i / N_i²), N_i the rows so far: the law of a Pólya urn that
// is fed in batches; with equal rows h·Π (1 − 1/(rows·(i+1)²)) (the recursion of Kazdan et al. 2024, arXiv
// 2410.16713, for categories).
func HeterozygosityAccumulate(h float64, rows []int) (out []float64) {
	pool := 0.0
	for _, m := range rows {
		pool += float64(m)
		h = float64(h * (1 - float64(m)/float64(pool*pool)))
		out = append(out, h)
	}
	return out
}

// HeterozygosityMixture is that of replace when each draw is fresh from the truth with chance real[g] (1 in generation
// 0) and from the last fit otherwise: with F = 1 − H and S = 1 − h,
// F_g = 1/rows + (1 − 1/rows)·((1−r)²·F_{g−1} + (2r − r²)·S): mutation towards the truth, in the words of
// Wright–Fisher (Ewens 2004, §3.2).
func HeterozygosityMixture(h float64, rows []int, real []float64) (out []float64) {
	truth := 1 - h
	f := truth
	for g, m := range rows {
		one, r := 1/float64(m), real[g]
		kept := 1 - r
		same := float64(float64(kept*kept)*f) + float64(float64(r*(2-r))*truth)
		f = one + float64((1-one)*same)
		out = append(out, 1-f)
	}
	return out
}
