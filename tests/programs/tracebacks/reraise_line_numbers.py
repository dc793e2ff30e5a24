# Re-raising: what raise, raise e, with_traceback and finally add to the traceback.
def origin():
    raise ValueError("origin")


def bare():
    try:
        origin()
    except ValueError:
        raise


def named():
    try:
        bare()
    except ValueError as e:
        raise e


def final():
    try:
        named()
    finally:
        print("finally")


def later():
    try:
        final()
    except ValueError as e:
        saved = e
    raise saved.with_traceback(saved.__traceback__.tb_next)


later()
