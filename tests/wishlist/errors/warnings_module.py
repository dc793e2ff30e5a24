# warnings: filters, categories, stack levels, formatting, catch_warnings, -W.
# run: -W error::UserWarning FILE
import sys
import warnings

try:
    warnings.warn("becomes an error")
except UserWarning as e:
    print(repr(e))
warnings.resetwarnings()
warnings.simplefilter("always")


def old():
    warnings.warn("old is deprecated", DeprecationWarning, stacklevel=2)


old()
warnings.warn("plain", stacklevel=1)
warnings.warn(RuntimeWarning("instance"))
with warnings.catch_warnings(record=True) as w:
    warnings.simplefilter("once")
    for _ in range(3):
        warnings.warn("repeated")
    print(len(w), w[0].message, w[0].category, w[0].lineno, w[0].filename.split("/")[-1])
with warnings.catch_warnings():
    warnings.filterwarnings("ignore", message="quiet.*")
    warnings.warn("quiet please")
    warnings.warn("loud")
print(warnings.formatwarning("msg", UserWarning, "file.py", 3, "code line"), end="")
for bad in (("x", 5), ("x", int)):
    try:
        warnings.warn(*bad)
    except TypeError as e:
        print(e)
warnings.warn_explicit("explicit", FutureWarning, "somefile.py", 7)
print(sys.warnoptions)


@warnings.deprecated("use new()")
def deprecated_function():
    return 1


print(deprecated_function())
