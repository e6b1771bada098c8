//go:build long

package rng

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestBitsEverywhere builds this package's tests for other platforms and runs TestBits
// there: other GOAMD64 levels and no FMA on this CPU, arm64 and s390x under qemu-user
// (Debian: qemu-user).
func TestBitsEverywhere(t *testing.T) {
	for _, c := range []struct {
		name, goarch, level, emulator string
		env                           string
	}{
		{name: "amd64 v1", goarch: "amd64", level: "v1"},
		{name: "amd64 v1 without FMA", goarch: "amd64", level: "v1", env: "GODEBUG=cpu.fma=off,cpu.avx2=off,cpu.sse41=off"},
		{name: "amd64 v2", goarch: "amd64", level: "v2"},
		{name: "amd64 v3", goarch: "amd64", level: "v3"},
		{name: "arm64", goarch: "arm64", emulator: "qemu-aarch64"},
		{name: "s390x", goarch: "s390x", emulator: "qemu-s390x"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.emulator == "" && runtime.GOARCH != c.goarch {
				t.Skipf("NOT CHECKED: this machine is %s", runtime.GOARCH)
			}
			if c.emulator != "" {
				if _, err := exec.LookPath(c.emulator); err != nil {
					t.Skipf("NOT CHECKED: %s is not installed (package qemu-user)", c.emulator)
				}
			}
			binary := filepath.Join(t.TempDir(), "bits.test")
			build := exec.Command("go", "test", "-c", "-o", binary, ".")
			build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH="+c.goarch, "GOAMD64="+c.level)
			if out, err := build.CombinedOutput(); err != nil {
				t.Fatalf("build: %v\n%s", err, out)
			}
			args := []string{binary, "-test.run=^TestBits$", "-test.v"}
			if c.emulator != "" {
				args = append([]string{c.emulator}, args...)
			}
			run := exec.Command(args[0], args[1:]...)
			run.Env = append(os.Environ(), c.env)
			out, err := run.CombinedOutput()
			if strings.Contains(string(out), "This program can only be run on AMD64 processors with") {
				t.Skip("NOT CHECKED: this CPU is below that level")
			}
			if err != nil || !strings.Contains(string(out), "--- PASS: TestBits") {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}
