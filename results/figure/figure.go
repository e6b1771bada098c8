package figure

import "io"

// Widths of a figure in inches: one column and two columns of a journal page.
const (
	OneColumn  = 3.4
	TwoColumns = 6.8
)

// Figure is one image: panels, a legend that they share, a title, a caption.
type Figure struct {
	Title   string  // above the panels; may be empty
	Caption string  // under the panels, wrapped: what is shown, n, the kind of band, what is held equal
	Panels  []Panel // read row by row
	Columns int     // panels in a row; 0 chooses by width and number
	Width   float64 // inches; 0 means OneColumn for one panel, else TwoColumns
	Share   bool    // panels whose axes agree in label, unit and scale get the same range
	Table   bool    // the panels are a table: square plots, titles over the first row, numbers at the left and lower edge alone;
	// for panels of one range, such as those that Share makes
	Arms []string // all arms of the run: fixes colour, dash and marker of each by its place here;
	// arms that are not listed follow in natural order of their names (n = 9 before n = 10)
}

// Panel is one pair of axes.
type Panel struct {
	Title      string
	Side       string // of a table: what its row shows, upright at the left of its first panel
	X, Y       Axis
	Functional string     // what Mid and the band of its curves estimate, such as "exp E ln"; may be empty
	Reference  *float64   // a horizontal line at this y, such as 0 for paired differences
	Points     []Points   // clouds, under the curves
	Contours   []Contours // level lines, over the clouds
	Curves     []Curve
}

// Axis names and scales one direction.
type Axis struct {
	Label    string
	Unit     string   // nats, rows, generations; shown in parentheses after the label
	Log      bool     // base 10; values ≤ 0 are moved to a marked lane below
	Min, Max *float64 // limits in data units; nil: from the data. Curves are cut at them
	Names    []string // of a linear y axis: what stands at 1, 2, … in place of numbers; the plot becomes as high as they need
}

// Curve is one line of a panel. All slices that are given have the length of X.
type Curve struct {
	Name       string      // the arm; for a theory line, the arm that it predicts
	X          []float64   // finite; positive on a log axis
	Mid        []float64   // NaN breaks the line; ±Inf is drawn at the edge and marked
	Lo, Hi     []float64   // the band, both or none
	Thin       [][]float64 // one faint line a replicate
	N          []int       // replicates that Mid is of; marks are open where they are fewer than Of
	Of         int         // all replicates; 0: N is not given
	Theory     bool        // dashed grey, drawn over everything, no band
	Law        string      // of a theory line, for the legend: "Galton–Watson"
	Mark       bool        // a theory line that is a mark, such as a limit: the legend has its Law alone
	Functional string      // of a theory line; must equal the panel's when both are given
}

// Put stores what write produces under name, all of it or nothing: the caller
// owns the disk (temporary file, rename, directory sync).
type Put func(name string, write func(io.Writer) error) error
