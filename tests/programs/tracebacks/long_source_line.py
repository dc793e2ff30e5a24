# Carets in long lines and lines with tabs and wide characters.
def f(first_argument_with_long_name, second_argument_with_long_name, third_argument_with_long_name):
	return	first_argument_with_long_name + second_argument_with_long_name * third_argument_with_long_name / (first_argument_with_long_name - first_argument_with_long_name)


宽 = "宽字符"; f(1, 2, 宽) if f(1, 2, 3) is None else 0
