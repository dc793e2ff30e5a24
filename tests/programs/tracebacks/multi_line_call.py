# A failing call that spans lines: which lines of it the traceback shows.
def fail(*args, **kwargs):
    raise ValueError(
        "built over "
        "several lines"
    )


def run():
    return fail(
        1,
        2,
        key=[
            3,
            4,
        ],
    )


class C:
    def __init__(self):
        self.value = (
            run()
        )


C()
