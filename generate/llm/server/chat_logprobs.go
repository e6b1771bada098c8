package server

// chatLogprobs are log probabilities in the shape of chats.
type chatLogprobs struct {
	Content []chatToken `json:"content"`
	Refusal *string     `json:"refusal"`
}

type chatToken struct {
	chatAlternative
	Top []chatAlternative `json:"top_logprobs"`
}

type chatAlternative struct {
	Token string  `json:"token"`
	Nats  float64 `json:"logprob"`
	Bytes []int   `json:"bytes"`
}

// spelled is the shape of chats, with at most top alternatives a token.
func spelled(tokens []token, top int) *chatLogprobs {
	l := &chatLogprobs{Content: []chatToken{}}
	for _, t := range tokens {
		c := chatToken{alternative{t.text, t.nats}.spelled(), []chatAlternative{}}
		for _, a := range t.top[:min(top, len(t.top))] {
			c.Top = append(c.Top, a.spelled())
		}
		l.Content = append(l.Content, c)
	}
	return l
}

func (a alternative) spelled() chatAlternative {
	c := chatAlternative{Token: printable(a.text), Nats: finite(a.nats), Bytes: make([]int, len(a.text))}
	for i := range len(a.text) {
		c.Bytes[i] = int(a.text[i])
	}
	return c
}

// events are an answer in pieces: who speaks, a token each, how it ended, then the usage if that was asked for.
func (c chatAnswer) events(top int, usage bool) any {
	out := events{paid: *c.Usage}
	part := c
	part.Object, part.Usage = "chat.completion.chunk", nil
	put := func(choice chatChoice) {
		part.Choices = []chatChoice{choice}
		out.pieces = append(out.pieces, part)
	}
	for _, choice := range c.Choices {
		put(chatChoice{Index: choice.Index, Delta: &chatMessage{"assistant", new(string)}})
		at := 0
		for _, t := range choice.answer.tokens {
			end := min(at+len(t.text), len(choice.answer.text))
			text := choice.answer.text[at:end]
			at = end
			p := chatChoice{Index: choice.Index, Delta: &chatMessage{Content: &text}}
			if top >= 0 {
				p.Logprobs = spelled([]token{t}, top)
			}
			if text != "" || top >= 0 {
				put(p)
			}
		}
		put(chatChoice{Index: choice.Index, Delta: &chatMessage{}, Finish: choice.Finish})
	}
	if usage {
		part.Choices, part.Usage = []chatChoice{}, c.Usage
		out.pieces = append(out.pieces, part)
	}
	return out
}
