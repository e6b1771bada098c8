package command

import (
	"context"
	"sync"
)

// The GPUs of this machine, which all arms and cells of the process share.
var gpus pool

// A pool hands out numbers.
type pool struct {
	mutex sync.Mutex
	size  int
	free  chan int
}

// of is the channel of free numbers below n; it grows to the largest n that is asked for.
func (p *pool) of(n int) chan int {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.free == nil {
		p.free = make(chan int, 1024)
	}
	for ; p.size < n; p.size++ {
		p.free <- p.size
	}
	return p.free
}

// take waits for a device; −1 where there is no limit.
func (s Slots) take(ctx context.Context) (device int, give func(), err error) {
	if s.GPU <= 0 {
		return -1, func() {}, nil
	}
	free := gpus.of(s.GPU)
	select {
	case device = <-free:
		return device, func() { free <- device }, nil
	case <-ctx.Done():
		return -1, nil, ctx.Err()
	}
}
