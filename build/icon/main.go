// Command icon draws Mailroom's icon: a letter that comes out of one tray and drops
// into another. It writes build/appicon.png (1024) and build/icon-256.png; run it
// with "go run ./build/icon" after changing the drawing.
package main

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
)

// Everything is drawn on a square of side 1 by signed distances: negative is inside.
type shape func(x, y float64) float64

// box is a rectangle with rounded corners.
func box(cx, cy, w, h, r float64) shape {
	return func(x, y float64) float64 {
		dx, dy := math.Abs(x-cx)-w/2+r, math.Abs(y-cy)-h/2+r
		return math.Hypot(math.Max(dx, 0), math.Max(dy, 0)) + math.Min(math.Max(dx, dy), 0) - r
	}
}

// stroke is a line with round ends.
func stroke(x1, y1, x2, y2, width float64) shape {
	return func(x, y float64) float64 {
		dx, dy := x2-x1, y2-y1
		t := math.Max(0, math.Min(1, ((x-x1)*dx+(y-y1)*dy)/(dx*dx+dy*dy)))
		return math.Hypot(x-x1-t*dx, y-y1-t*dy) - width/2
	}
}

func union(all ...shape) shape {
	return func(x, y float64) float64 {
		d := math.Inf(1)
		for _, s := range all {
			d = math.Min(d, s(x, y))
		}
		return d
	}
}

func both(a, b shape) shape {
	return func(x, y float64) float64 { return math.Max(a(x, y), b(x, y)) }
}

func without(a, b shape) shape {
	return func(x, y float64) float64 { return math.Max(a(x, y), -b(x, y)) }
}

type layer struct {
	shape shape
	paint func(x, y float64) color.RGBA
}

func flat(r, g, b uint8) func(float64, float64) color.RGBA {
	return func(float64, float64) color.RGBA { return color.RGBA{r, g, b, 255} }
}

// fade goes from one colour at the top to another at the bottom.
func fade(a, b color.RGBA) func(float64, float64) color.RGBA {
	mix := func(p, q uint8, t float64) uint8 { return uint8(float64(p)*(1-t) + float64(q)*t) }
	return func(_, y float64) color.RGBA {
		t := math.Max(0, math.Min(1, y))
		return color.RGBA{mix(a.R, b.R, t), mix(a.G, b.G, t), mix(a.B, b.B, t), 255}
	}
}

func layers() []layer {
	ground := box(0.5, 0.5, 0.88, 0.88, 0.2)
	letter := box(0.5, 0.395, 0.5, 0.34, 0.035)
	flap := both(letter, union(stroke(0.25, 0.25, 0.5, 0.425, 0.032), stroke(0.5, 0.425, 0.75, 0.25, 0.032)))
	tray := without(box(0.5, 0.66, 0.66, 0.26, 0.06), box(0.5, 0.55, 0.66-0.11, 0.26, 0.03))
	arrow := union(stroke(0.5, 0.47, 0.5, 0.655, 0.05), stroke(0.435, 0.595, 0.5, 0.66, 0.05), stroke(0.565, 0.595, 0.5, 0.66, 0.05))
	return []layer{
		{ground, fade(color.RGBA{46, 124, 214, 255}, color.RGBA{22, 74, 150, 255})},
		{letter, flat(255, 255, 255)},
		{flap, flat(122, 168, 226)},
		{tray, flat(255, 201, 92)},
		{arrow, flat(255, 140, 66)},
	}
}

// draw paints with an edge as soft as one pixel.
func draw(side int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, side, side))
	all := layers()
	pixel := 1 / float64(side)
	for py := range side {
		for px := range side {
			x, y := (float64(px)+0.5)*pixel, (float64(py)+0.5)*pixel
			var r, g, b, a float64
			for _, l := range all {
				cover := math.Max(0, math.Min(1, 0.5-l.shape(x, y)/pixel))
				c := l.paint(x, y)
				r, g, b = r*(1-cover)+float64(c.R)*cover, g*(1-cover)+float64(c.G)*cover, b*(1-cover)+float64(c.B)*cover
				a = a*(1-cover) + 255*cover
			}
			if a > 0 { // colours were mixed with a transparent ground
				r, g, b = r*255/a, g*255/a, b*255/a
			}
			img.SetNRGBA(px, py, color.NRGBA{uint8(min(r, 255)), uint8(min(g, 255)), uint8(min(b, 255)), uint8(a)})
		}
	}
	return img
}

func write(path string, side int) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := png.Encode(f, draw(side)); err != nil {
		_ = f.Close()
		return err
	}
	return f.Close()
}

func main() {
	for path, side := range map[string]int{"build/appicon.png": 1024, "build/icon-256.png": 256} {
		if err := write(path, side); err != nil {
			fmt.Fprintln(os.Stderr, "icon:", err)
			os.Exit(1)
		}
	}
}
