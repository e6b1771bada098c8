package configs_test

import (
	"reflect"
	"testing"

	"modelcollapse/configs"
)

func TestEveryIncludes(t *testing.T) {
	for _, c := range []struct {
		every configs.Every
		last  int
		want  []int
	}{
		{configs.Every{Step: 1}, 3, []int{0, 1, 2, 3}},
		{configs.Every{Step: 4}, 10, []int{0, 4, 8, 10}},
		{configs.Every{Step: 40}, 10, []int{0, 10}},
		{configs.Every{Log: true}, 120, []int{0, 1, 2, 5, 10, 20, 50, 100, 120}},
		{configs.Every{List: []int{2, 3}}, 5, []int{0, 2, 3, 5}},
	} {
		var got []int
		for g := -1; g <= c.last+1; g++ {
			if c.every.Includes(g, c.last) {
				got = append(got, g)
			}
		}
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%+v: got %v, want %v", c.every, got, c.want)
		}
	}
}

func TestReplicates(t *testing.T) {
	for text, want := range map[string]configs.Replicates{"": {0, 1, 2, 3, 4}, "replicates: 3\n": {0, 1, 2}, "replicates: [7, 2]\n": {7, 2}} {
		if got := mustLoad(t, base+text).Config.Replicates; !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// twice has one key in two places, which encoding/json would settle in silence.
type (
	twice struct {
		inner
		N int `json:"n"`
	}
	inner struct {
		N int `json:"n"`
	}
)

// A table that cannot work is the programmer's mistake, and Check says where.
func TestTableCheck(t *testing.T) {
	if err := table().Check(); err != nil {
		t.Error(err)
	}
	for want, settings := range map[string]any{
		`model x: field N of struct { N int "json:\"Nn\"" } needs a snake_case json tag`: struct {
			N int `json:"Nn"`
		}{},
		`model x: field N of struct { N int "json:\"n\" default:\"x\"" }: default "x": n must be a whole number, got "x"`: struct {
			N int `json:"n" default:"x"`
		}{},
		`model x: field N of struct { N string "json:\"n\" default:\"c\" enum:\"a,b\"" }: default "c": n must be one of a, b, got "c"; did you mean "a"?`: struct {
			N string `json:"n" default:"c" enum:"a,b"`
		}{},
		`model x: field N of struct { N chan int "json:\"n\"" }: a config cannot hold a chan int`: struct {
			N chan int `json:"n"`
		}{},
		`model x: field N of struct { N int "json:\"n\" min:\"low\"" }: the bound "low" is not a number`: struct {
			N int `json:"n" min:"low"`
		}{},
		`model x: field kind of struct { N int "json:\"kind\"" }: settings cannot hold a kind`: struct {
			N int `json:"kind"`
		}{},
		`model x: field N of configs_test.twice: the key n is taken by another field`: twice{},
	} {
		bad := configs.Table{{Section: configs.Model, Name: "x", Type: reflect.TypeOf(settings)}}
		if err := bad.Check(); err == nil || err.Error() != want {
			t.Errorf("got %v\nwant %s", err, want)
		}
	}
}
