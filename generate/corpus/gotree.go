package corpus

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// instead names what to do without a Go distribution.
const instead = "install Go (go.dev/dl), or take another text: data.kind=text data.path=FILE"

// goTree asks the go command for its own tree: a binary built with -trimpath does not know where that is. The command
// must not go and fetch another version because of a go.mod in the working directory.
func goTree(ctx context.Context) (tree, error) {
	cmd := exec.CommandContext(ctx, "go", "env", "GOROOT", "GOVERSION")
	cmd.Env = append(os.Environ(), "GOTOOLCHAIN=local", "GOFLAGS=")
	out, err := cmd.Output()
	if ctx.Err() != nil {
		return tree{}, ctx.Err()
	}
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			err = fmt.Errorf("%w: %s", err, bytes.TrimSpace(exit.Stderr))
		}
		return tree{}, fmt.Errorf("no Go tree: go env GOROOT: %w; %s", err, instead)
	}
	root, version, _ := strings.Cut(strings.TrimRight(string(out), "\r\n"), "\n")
	return newTree(strings.TrimSpace(root), strings.TrimSpace(version), cacheFolder())
}

// unsafe is what a version may hold and a file name should not.
var unsafe = regexp.MustCompile(`[^A-Za-z0-9.+-]+`)

func newTree(root, version, cache string) (tree, error) {
	src := filepath.Join(root, "src")
	if info, err := os.Stat(src); err != nil || !info.IsDir() {
		return tree{}, fmt.Errorf("no Go tree: there is no folder %s; %s", src, instead)
	}
	return tree{root: root, version: unsafe.ReplaceAllString(version, "_"), cache: cache}, nil
}
