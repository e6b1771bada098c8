// Package figure turns plain data into finished figures: collapse curves with
// bands over replicates and theory laid over them, or clouds of rows under the
// contours of a density, as one panel or as small multiples, in SVG, PNG and PDF
// that look the same.
//
// A Figure is data, not drawing calls: panels of curves and clouds with a title
// and a caption. Save writes the three images together with the numbers they show
// (a CSV in long form) and a Vega-Lite specification of the same figure.
// Nothing is read from the clock, the machine's fonts or the locale, so equal
// data give equal bytes.
//
// What a value that no axis can hold looks like is part of the picture: a zero
// on a log axis and an infinity sit on a lane of their own beyond a broken
// axis, marked by open triangles; NaN breaks the line.
//
// Text is drawn as glyph outlines of Liberation Sans. Its markup is plain
// Unicode with ^{...} and _{...}, as in 10^{−3} or σ^{2}_{t}. A character that
// the font lacks appears as its code point, such as [U+4E2D]; Figure.Missing
// lists them.
package figure
