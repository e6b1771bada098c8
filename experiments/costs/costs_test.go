package costs_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"modelcollapse/experiments/costs"
)

// rounded is x as print prints it: to as many significant digits as print has.
func rounded(x float64, significant int) string {
	y, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'g', significant, 64), 64)
	return strconv.FormatFloat(y, 'f', -1, 64)
}

// The printed numbers of Laurer 2024, to their printed digits.
func TestPublished(t *testing.T) {
	l, err := costs.Load("hf-cost-and-carbon", nil)
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]costs.Row{}
	rows := costs.Table(l.Config)
	for _, r := range rows {
		at[r.Option] = r
	}
	own, four, three := at["roberta-base on a T4"], at["gpt-4"], at["gpt-3.5-turbo"]
	for _, c := range []struct {
		what        string
		got         float64
		significant int
		want        string
	}{
		{"USD, own model", *own.Money, 2, "2.7"},
		{"kg CO2, own model", own.Carbon.Most, 2, "0.12"},
		{"hours, own model", *own.Hours, 3, "4.55"},
		{"USD, GPT-4", *four.Money, 4, "3061"},
		{"USD, GPT-3.5", *three.Money, 3, "153"},
		{"kWh, GPT-4, least", four.Energy.Least, 2, "1700"},
		{"kWh, GPT-4, most", four.Energy.Most, 2, "2600"},
		{"kg CO2, GPT-4, least", four.Carbon.Least, 3, "735"},
		{"kg CO2, GPT-4, most", four.Carbon.Most, 2, "1100"},
	} {
		if got := rounded(c.got, c.significant); got != c.want {
			t.Errorf("%s: %s, published %s", c.what, got, c.want)
		}
	}
	if rows[0].Option != own.Option || *own.Dearer != 1 || three.Energy != nil || three.Carbon != nil {
		t.Errorf("%+v", rows)
	}
	// both totals are the same count of tokens at the prices of that month
	in4, in3 := 3061.0/1e6/10*1e6, 153.0/1e6/0.5*1e6
	if rounded(in4, 3) != "306" || rounded(in3, 3) != "306" {
		t.Errorf("%g and %g tokens a sentence", in4, in3)
	}
}

// Mistakes are refused with their place.
func TestRefused(t *testing.T) {
	for override, want := range map[string]string{
		"options.gpt-4.hourly_price=1":    "per_second",
		"options.gpt-4.wh_per_item=[3,1]": "least, most",
		"options.gpt-4.wh_per_item=-1":    "wh_per_item",
		"options.gpt-4.watts=1":           "per_second",
		"items=0":                         "items",
		"options.gpt-4.prices.inputs=1":   "inputs",
	} {
		if _, err := costs.Load("hf-cost-and-carbon", []string{override}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", override, err)
		}
	}
}

// A stated part without its price leaves the total unknown, and an unknown total comes last.
func TestUnknown(t *testing.T) {
	x := func(f float64) *float64 { return &f }
	rows := costs.Table(costs.Config{Items: 1000, Options: map[string]costs.Option{
		"a": {Input: x(10), Output: x(5), Prices: costs.Prices{Input: x(1)}},
		"b": {Input: x(10), Output: x(5), Prices: costs.Prices{Input: x(1), Output: x(2)}},
		"c": {},
	}})
	if rows[0].Option != "b" || *rows[0].Money != 0.02 || rows[1].Money != nil || rows[2].Money != nil || rows[1].Dearer != nil {
		t.Errorf("%+v", rows)
	}
}

// A comparison of two ways of making a thousand rows.
func Example() {
	speed, hour, input, price := 2.0, 1.8, 500.0, 3.0
	rows := costs.Table(costs.Config{Items: 1000, Options: map[string]costs.Option{
		"a machine of one's own": {Speed: &speed, Hourly: &hour},
		"a server":               {Input: &input, Prices: costs.Prices{Input: &price}},
	}})
	for _, r := range rows {
		fmt.Printf("%s: %.2f, %.0f times the cheapest\n", r.Option, *r.Money, *r.Dearer)
	}
	// Output:
	// a machine of one's own: 0.25, 1 times the cheapest
	// a server: 1.50, 6 times the cheapest
}
