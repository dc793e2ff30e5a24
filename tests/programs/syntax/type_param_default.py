# SyntaxError: a type parameter without default after one with.
print('never printed')
class C[T = int, U]: pass
