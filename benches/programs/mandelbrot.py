"""Mandelbrot set membership with plain floats."""


def row_count(y, width, limit):
    inside = 0
    ci = 2.0 * y / width - 1.0
    for x in range(width):
        cr = 3.0 * x / width - 2.0
        zr = zi = 0.0
        n = 0
        while n < limit:
            r2 = zr * zr
            i2 = zi * zi
            if r2 + i2 > 4.0:
                break
            zi = 2.0 * zr * zi + ci
            zr = r2 - i2 + cr
            n += 1
        else:
            inside += 1
    return inside


def main(width=520, limit=150):
    print("mandelbrot", sum(row_count(y, width, limit) for y in range(width)))


main()
