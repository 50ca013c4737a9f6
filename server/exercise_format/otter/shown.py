"""A value as a saved notebook shows it, read back as plain Python. Only its syntax is looked at; nothing is run."""

import ast

NAMES = {"nan": 'float("nan")', "inf": 'float("inf")', "True_": "True", "False_": "False"}
SCALARS = ("float64", "float32", "int64", "int32", "int8", "uint8", "bool_", "str_")


class _Unknown(ValueError):
    """The text is no plain value."""


def plain_value(shown: str) -> str | None:
    """The Python text of the value; an array is the list of its items. None for the text of another object."""
    try:
        return _value(ast.parse(shown.strip(), mode="eval").body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def holds_array(shown: str) -> bool:
    """Arrays are shown with eight digits."""
    return "array(" in shown


def _value(node: ast.expr) -> str:
    match node:
        case ast.Constant(value=None | bool() | int() | float() | complex() | str() | bytes() as value):
            return repr(value)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return f"-{_value(operand)}"
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as sign, right=ast.Constant(value=complex())):
            return f"({_value(left)} {'+' if isinstance(sign, ast.Add) else '-'} {_value(node.right)})"
        case ast.List(elts=items):
            return f"[{', '.join(map(_value, items))}]"
        case ast.Tuple(elts=items):
            return f"({''.join(f'{_value(item)}, ' for item in items)})"
        case ast.Set(elts=items):
            return f"{{{', '.join(map(_value, items))}}}"
        case ast.Dict(keys=keys, values=values):
            pairs = [(_value(key), _value(value)) for key, value in zip(keys, values, strict=True) if key is not None]
            return f"{{{', '.join(f'{key}: {value}' for key, value in pairs)}}}"
        case ast.Name(id=name) | ast.Attribute(value=ast.Name(id="np"), attr=name) if name in NAMES:
            return NAMES[name]
        case ast.Call(func=ast.Name(id="set"), args=[]):
            return "set()"
        case ast.Call(func=ast.Name(id="array"), args=[items]):
            return _value(items)
        case ast.Call(func=ast.Attribute(value=ast.Name(id="np"), attr=name), args=[item]) if name in SCALARS:
            return _value(item)
    raise _Unknown
