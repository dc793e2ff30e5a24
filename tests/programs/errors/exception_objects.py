"""Exceptions as objects: construction, fields, texts, chaining, notes, groups and except*."""
def t(s):
    try: print(s[:70], '->', repr(eval(s)) if isinstance(s,str) else repr(s()))
    except BaseException as e: print(s[:70] if isinstance(s,str) else 'f', '!!', type(e).__name__, e)
src="""ValueError(a=1)|SyntaxError('m', (1,))|SyntaxError('m', 1)|SyntaxError('m', (1,2,3,4,5))|SyntaxError('m', (1,2,3,4,5,6,7,8))|SyntaxError('m', (1,2,3,4,5,6,7))._metadata|ImportError(foo=1)|AttributeError(foo=1)|NameError(1,2,foo=1,name=2)|UnicodeDecodeError(1,2)|UnicodeDecodeError(1,2,3,4,5)|UnicodeDecodeError('',2,3,4,5)|UnicodeDecodeError('',b'',3,4,5)|UnicodeEncodeError('',b'',3,4,5)|UnicodeEncodeError('','','3',4,5)|UnicodeTranslateError('','3',4,5)|UnicodeTranslateError('','3',4)|BaseExceptionGroup()|BaseExceptionGroup(1,2)|BaseExceptionGroup('1',2)|BaseExceptionGroup('1',[])|BaseExceptionGroup('1',[1])|BaseExceptionGroup('1',[ValueError()], a=1)|BaseExceptionGroup('1',{1:2})|ExceptionGroup('1',[ValueError(1)])|ExceptionGroup('1',(ValueError(1),))|ExceptionGroup('1',(ValueError(1),)).split(1)|ExceptionGroup('1',(ValueError(1),)).split()|ExceptionGroup('1',(ValueError(1),)).split(ValueError)|ExceptionGroup('1',(KeyboardInterrupt(1),))|OSError(a=1)|OSError(2,'x','f')|BlockingIOError(11,'x',5).characters_written|BlockingIOError(11,'x').characters_written|ValueError().add_note(1)|setattr(ValueError(),'args',1)|ValueError().with_traceback(1)|ValueError().__setstate__(1)|delattr(ValueError(),'args')|delattr(ValueError(),'__context__')|delattr(ValueError(),'__suppress_context__')|delattr(ValueError(),'__traceback__')|setattr(ValueError(),'__traceback__',1)|setattr(ValueError(),'__suppress_context__',1)|setattr(ValueError(),'__cause__',1)|setattr(ValueError(),'__context__',1)|setattr(ValueError(),'__dict__',1)|setattr(UnicodeEncodeError('','',1,2,''),'start','x')|delattr(UnicodeEncodeError('','',1,2,''),'start')|delattr(UnicodeEncodeError('','',1,2,''),'reason')|str(KeyError('a'))|str(KeyError('a','b'))|str(KeyError())|repr(ValueError('a'))|repr(ValueError('a',1))|repr(ValueError())|str(ValueError(1,2))|str(OSError(2,'No such','a','b'))|str(OSError(2,'No such','a',None,'b'))|str(OSError(2,'x'))|str(OSError(2))|OSError(2,'x')|OSError(13,'x').errno|OSError(9999,'x')|OSError('2','x')|OSError(2,'x','f').args|OSError(2,'x','f').filename|OSError(2,'x','f').__reduce__()|OSError(2,'x','f',None,'g').__reduce__()|OSError(2,'x').__reduce__()|FileNotFoundError(13,'x')|str(SyntaxError('m',('f.py',3,4,'t')))|str(SyntaxError('m',('/a/f.py',None,4,'t')))|str(SyntaxError('m',(None,3,4,'t')))|str(SyntaxError('m'))|str(SyntaxError())|SyntaxError('m',('f.py',3,4,'t',5,6)).end_offset|SyntaxError('m').lineno|ImportError('a',name='n',path='p').path|ImportError('a',name='n').__reduce__()|str(ImportError('a'))|str(ImportError('a','b'))|ImportError('a','b').msg|ImportError().msg|ModuleNotFoundError('x',name='y').name|AttributeError('a',name='n',obj=3).obj|AttributeError('a',name='n',obj=3).__reduce__()|AttributeError('a').__getstate__()|NameError('a',name='n').name|UnboundLocalError('a').name|StopIteration(1,2).value|StopIteration().value|SystemExit().code|SystemExit(3).code|SystemExit(3,4).code|str(UnicodeDecodeError('utf-8',b'abc\\xff',3,4,'bad'))|str(UnicodeDecodeError('utf-8',b'abc\\xff',1,4,'bad'))|str(UnicodeDecodeError('utf-8',b'abc\\xff',7,9,'bad'))|str(UnicodeEncodeError('ascii','ab\\u1234',2,3,'bad'))|str(UnicodeEncodeError('ascii','ab\\xe9',2,3,'bad'))|str(UnicodeEncodeError('ascii','ab\\U0001f600',2,3,'bad'))|str(UnicodeEncodeError('ascii','ab',0,2,'bad'))|str(UnicodeTranslateError('ab',0,1,'bad'))|repr(UnicodeTranslateError('ab',0,1,'bad'))|UnicodeDecodeError('a',bytearray(b'x'),0,1,'r').object|str(ExceptionGroup('msg',[ValueError(1),TypeError(2)]))|repr(BaseExceptionGroup('m',[KeyboardInterrupt()]))|type(BaseExceptionGroup('m',[ValueError()]))|ExceptionGroup('m',[ValueError(1),ExceptionGroup('n',[TypeError(2),ValueError(3)])]).split(ValueError)|ExceptionGroup('m',[ValueError(1),ExceptionGroup('n',[TypeError(2),ValueError(3)])]).subgroup(lambda e: isinstance(e,TypeError))|ExceptionGroup('m',[ValueError(1)]).subgroup((TypeError,OSError))|ExceptionGroup('m',[ValueError(1)]).derive([TypeError()])|ExceptionGroup[int]|ExceptionGroup.__mro__|BaseExceptionGroup.__bases__|ExceptionGroup.__bases__|ValueError.__mro__|ValueError('x').__reduce__()|ValueError.__doc__|ValueError.__new__(ValueError,1)|BaseException.__init__.__name__|isinstance(OSError.errno,type(UnicodeError.start)) if hasattr(UnicodeError,'start') else 1|IOError is OSError|issubclass(BlockingIOError,OSError)|ValueError('x')==ValueError('x')|hash(ValueError)==hash(ValueError)|sorted(dir(ValueError()))|sorted(ValueError.__dict__)|sorted(BaseException.__dict__)|sorted(OSError.__dict__)|ExceptionGroup('a',[ValueError()]).exceptions|ExceptionGroup('a',[ValueError()]).message|setattr(ExceptionGroup('a',[ValueError()]),'message',1)|ConnectionResetError(104,'x')|OSError(110,'x')|TimeoutError()|OSError(1,'x')|OSError(4,'x')|OSError(32,'x')|OSError(10,'x')|OSError(17,'x')|OSError(20,'x')|OSError(21,'x')|OSError(3,'x')|OSError(111,'x')|OSError(103,'x')|OSError(11,'x')"""
for s in src.split('|'): t(s)
class A(ValueError):
    def __init__(self,x,*,y=2): self.x=x; self.y=y
a=A(5,y=3); print(repr(a), a.args, a.__dict__, a.__reduce__())
class B(OSError):
    def __init__(self,*a,**k): super().__init__(*a); self.k=k
b=B(2,'x',foo=1); print(repr(b), type(b), b.errno, b.k)
class C(OSError):
    def __new__(cls,*a): return super().__new__(cls,*a)
print(repr(C(2,'x')), C(2,'x').errno)
class D(Exception): pass
d=D('a'); d.foo=5; d.add_note('n1'); d.add_note('n2'); print(d.__notes__, d.__dict__, d.__reduce__())
d.__notes__=5
try: d.add_note('x')
except TypeError as e: print(e)
e=ValueError('v'); e.zoo=1; print(e.__dict__, e.zoo); e.__dict__={'q':1}; print(e.q)
try: e.zoo
except AttributeError as x: print(x, x.name, x.obj is e)
e.__setstate__({'w':3}); print(e.w)
s=StopIteration(5); s.args=(7,); print(s.value, s.args); s.value=9; print(s.value)
s=SystemExit(5); s.code=7; print(s.code, s.args)
try:
    try: 1/0
    except ZeroDivisionError as z: raise KeyError('k') from z
except KeyError as k: print(repr(k.__cause__), repr(k.__context__), k.__suppress_context__, k.__traceback__ is not None)
try:
    try: 1/0
    except ZeroDivisionError as z: raise KeyError('k')
except KeyError as k: print(repr(k.__cause__), repr(k.__context__), k.__suppress_context__)
try:
    try: 1/0
    except ZeroDivisionError as z: raise KeyError('k') from None
except KeyError as k: print(repr(k.__cause__), repr(k.__context__), k.__suppress_context__)
def f():
    try:
        raise ExceptionGroup('eg',[ValueError(1),TypeError(2),ExceptionGroup('in',[KeyError(3),ValueError(4)])])
    except* ValueError as g: print('V', repr(g)); 
    except* KeyError as g: print('K', repr(g)); raise
try: f()
except BaseException as x: print(repr(x), repr(x.__cause__), repr(x.__context__))
def f():
    try: raise ValueError(1)
    except* ValueError as g: print('V', repr(g)); raise OSError(5)
try: f()
except BaseException as x: print(repr(x), repr(x.__cause__), repr(x.__context__))
def f():
    try: raise ExceptionGroup('eg',[ValueError(1),TypeError(2)])
    except* ValueError as g: raise
    except* TypeError as g: raise RuntimeError('x')
try: f()
except BaseException as x: print(repr(x), repr(x.__cause__), repr(x.__context__))
class EG(ExceptionGroup):
    def derive(self, excs): return EG(self.message, excs)
r=EG('m',[ValueError(1),TypeError(2)]).split(ValueError); print(r, type(r[0]))
class EG2(ExceptionGroup):
    def derive(self, excs): return 5
try: EG2('m',[ValueError(1),TypeError(2)]).split(ValueError)
except TypeError as x: print(x)
class EG3(ExceptionGroup):
    def __new__(cls, msg, excs, code): 
        o=super().__new__(cls,msg,excs); o.code=code; return o
print(repr(EG3('m',[ValueError(1)],5)), EG3('m',[ValueError(1)],5).code)
class Bad(ExceptionGroup, ValueError): pass
print(Bad('a',[ValueError()]), Bad.__mro__)
try: Bad('a',[KeyboardInterrupt()])
except TypeError as x: print(x)
try: raise ValueError
except ValueError as x: print(repr(x), x.__traceback__.tb_lineno>0, x.__traceback__.tb_next, type(x.__traceback__))
import sys
tb=type(x) if 0 else None
try:
    raise ValueError
except ValueError as x:
    TB=type(x.__traceback__); fr=x.__traceback__.tb_frame
t(lambda: TB(1,2,3,4))
t(lambda: TB(None,2,3,4))
t(lambda: TB(None))
t(lambda: TB(None,fr,3,4).tb_lineno)
t(lambda: dir(TB(None,fr,3,4)))
def f():
    x=TB(None,fr,3,4); x.tb_next=x
t(f)
def f():
    x=TB(None,fr,3,4); x.tb_next=1
t(f)
def f():
    x=TB(None,fr,3,4); del x.tb_next
t(f)
def f():
    x=TB(None,fr,3,4); x.tb_lineno=1
t(f)
t(lambda: ValueError().with_traceback(TB(None,fr,3,4)).__traceback__.tb_lasti)
