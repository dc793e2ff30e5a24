# "Did you mean": names, attributes, imports, keywords, self., modules not imported.
import collections
import re
import traceback


class A:
    blech = 1

    def method(self):
        return foo_attr

    def __init__(self):
        self.foo_attr = 1


def keyword(alpha, beta=1):
    pass


counter_value = 5


def f(local_variable=1):
    return local_variabel


for code in (
    "A().bleach", "A.blec", "counter_valeu", "pritn(1)", "A().method()", "f()", "keyword(alhpa=1)", "keyword(1, bta=2)", "[].appendd(1)", "'x'.uper()", "collections.OrderedDic", "sys.path", "math.pi", "os", "json.dumps(1)", "xyzzy_nothing_like_it", "int.form_bytes", "A().__dic__", "lst = []; lst.sorted", "{}.itmes()", "True1", "Treu", "none", "len_", "abc", "a", "A()._blech", "range(3).strat", "import collections.abd", "from collections import OrderedDic", "from os import pth", "from collections import nothing_similar_here", "ValueEror", "keyword(1, 2, gamma=1)", "A().foo_att", "self.x", "time.sleep(0)", "print(valeu := counter_vale)", "import jsn", "A().foo_attr.real_", "exit_", "isinstanc(1, int)", "A.methd", "sys", "raise NotImplementedErorr", "[].length()", "[].add(1)", "().append(1)", "'s'.contains('x')", "{}.add(1)", "[].push(1)", "[].concat([])", "''.toUpperCase()", "{}.put(1, 2)", "[].addAll([])", "{}.keys.sort()", "frozenset().add(1)", "A().x.y.z",
):
    try:
        exec(code)
    except Exception as e:
        text = traceback.format_exception_only(e)[-1]
        print(code, "->", re.sub(r" \(/[^)]*\)", " (path)", text), end="")
