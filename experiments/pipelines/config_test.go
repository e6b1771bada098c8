package pipelines

import "testing"

func TestTableOfStages(t *testing.T) {
	if err := Kinds().Check(); err != nil {
		t.Fatal(err)
	}
}
