package server

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"hash/fnv"
	"math"
	"net/http"
	"strings"
)

// Embeddings is the id of the model of POST /v1/embeddings: character n-grams (3 to 5, of words in lower case with marked ends), hashed
// with a sign into 256 numbers (Weinberger et al. 2009, the hashing trick), of length 1. It knows spelling, not meaning.
const Embeddings = "hashed-ngrams-256"

const dimension = 256

type embeddingRequest struct {
	Model      string          `json:"model"`
	Input      json.RawMessage `json:"input"`
	Encoding   string          `json:"encoding_format"`
	Dimensions *int            `json:"dimensions"`
}

type embedding struct {
	Object string `json:"object"`
	Index  int    `json:"index"`
	Vector any    `json:"embedding"`
}

type embeddingList struct {
	list[embedding]
	Model string `json:"model"`
	Usage usage  `json:"usage"`
}

func (l embeddingList) cost() usage { return l.Usage }

func (s *Server) embeddings(r *request) (any, error) {
	var q embeddingRequest
	if err := decode(r.body, &q); err != nil {
		return nil, err
	}
	switch {
	case q.Model != Embeddings:
		return nil, &fault{status: http.StatusNotFound, message: "The only model of embeddings is " + Embeddings, param: "model", code: "model_not_found"}
	case q.Dimensions != nil && *q.Dimensions != dimension:
		return nil, invalid("dimensions", "dimensions: %d: there are %d", *q.Dimensions, dimension)
	case q.Encoding != "" && q.Encoding != "float" && q.Encoding != "base64":
		return nil, invalid("encoding_format", "encoding_format: %q: there are float and base64", q.Encoding)
	}
	var texts []string
	var one string
	if json.Unmarshal(q.Input, &one) == nil {
		texts = []string{one}
	} else if json.Unmarshal(q.Input, &texts) != nil || len(texts) == 0 {
		return nil, invalid("input", "input: must be a string or a list of strings")
	}
	if len(texts)*dimension > maxTop {
		return nil, invalid("input", "input: %d texts: at most %d at once", len(texts), maxTop/dimension)
	}
	out := embeddingList{list: list[embedding]{Object: "list"}, Model: Embeddings}
	for i, text := range texts {
		v, words := embed(text)
		e := embedding{"embedding", i, v}
		if q.Encoding == "base64" {
			e.Vector = packed(v)
		}
		out.Data = append(out.Data, e)
		out.Usage.Prompt += words
	}
	out.Usage.Total = out.Usage.Prompt
	return out, nil
}

// embed is the vector of a text, and its number of words. A text without a word is 0 everywhere.
func embed(text string) (v []float32, words int) {
	var sums [dimension]float64
	for word := range strings.FieldsSeq(strings.ToLower(text)) {
		words++
		runes := []rune("<" + word + ">")
		for n := 3; n <= 5; n++ {
			for i := range max(0, len(runes)-n+1) {
				h := fnv.New64a()
				_, _ = h.Write([]byte(string(runes[i : i+n])))
				x := h.Sum64()
				if at := x % dimension; x>>63 == 0 {
					sums[at]++
				} else {
					sums[at]--
				}
			}
		}
	}
	square := 0.0
	for _, x := range sums {
		square += float64(x * x)
	}
	v = make([]float32, dimension)
	if square > 0 {
		for i, x := range sums {
			v[i] = float32(x / math.Sqrt(square))
		}
	}
	return v, words
}

// packed is a vector as little-endian numbers of four bytes, in base64.
func packed(v []float32) string {
	b := make([]byte, 0, 4*len(v))
	for _, x := range v {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
	}
	return base64.StdEncoding.EncodeToString(b)
}
