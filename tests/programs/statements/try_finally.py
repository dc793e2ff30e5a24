# try/except/else/finally: order, return and break through finally, re-raise, exception variable.
def order(n):
    log = []
    try:
        log.append("try")
        if n == 1:
            raise ValueError("v")
        if n == 2:
            raise KeyError("k")
        if n == 3:
            return log
    except ValueError as e:
        log.append(f"except {e}")
    except (KeyError, IndexError) as e:
        log.append(f"except {e!r}")
    else:
        log.append("else")
    finally:
        log.append("finally")
    return log


for n in range(4):
    print(order(n))


def loops():
    for i in range(5):
        try:
            if i == 1:
                continue
            if i == 3:
                break
            print("body", i)
        finally:
            print("finally", i)
    return "out"


print(loops())


def unbound():
    try:
        1 / 0
    except ZeroDivisionError as e:
        pass
    try:
        return e
    except UnboundLocalError as err:
        return str(err)


print(unbound())


def nested():
    try:
        try:
            raise KeyError("inner")
        finally:
            print("inner finally")
    except KeyError as e:
        print("outer", e)
        try:
            raise
        except KeyError as again:
            print("again", again is e)
    try:
        raise
    except RuntimeError as e:
        print(e)


nested()


def bare():
    try:
        raise SystemExit(3)
    except:
        return "bare except"


print(bare())


def except_expression(kinds):
    try:
        [][0]
    except kinds:
        return "caught"


print(except_expression(LookupError), except_expression((KeyError, IndexError)), except_expression(()) if 0 else "")
for bad in (5, (KeyError, 5), int):
    try:
        except_expression(bad)
    except TypeError as e:
        print(e, "| context", repr(e.__context__))


def yields():
    try:
        yield 1
        yield 2
    finally:
        print("generator finally")


for v in yields():
    print(v)
    break
try:
    pass
except* ValueError:
    pass
else:
    print("star else")
try:
    try:
        raise ValueError(1)
    except ValueError, KeyError:
        print("no parentheses needed")
        raise TypeError(2)
    finally:
        print("fin")
except TypeError as e:
    print(repr(e.__context__))
