"""Tables in a structure tree: rows of one width, and for every cell its headers (ISO 32000-1, 14.8.5.7)."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from pubkit.pdf.tag_nodes import Node

_Line = list[Node | None]  # what is at every place of a row


def describe_cell(cell: Node, element: ET.Element) -> None:
    """Say over how many rows and columns a cell reaches, and what it is the header of, as far as its element tells."""
    for name, key in (("colspan", "ColSpan"), ("rowspan", "RowSpan")):
        value = element.get(name, "")
        if value.isdecimal() and int(value) > 1:
            cell.attributes[key] = int(value)
    if cell.kind == "TH":
        scope = {"row": "Row", "rowgroup": "Row", "col": "Column", "colgroup": "Column"}.get(element.get("scope", ""))
        if scope:
            cell.attributes["Scope"] = scope


def even_out(table: Node, number: int) -> None:
    """Make every row as wide as the widest (PDF/UA-1, 7.5), and say which cells are headers of which."""
    groups = _rows(table)
    grids = [_grid(rows) for rows in groups]
    width = max((len(line) for grid in grids for line in grid), default=0)
    for rows, grid in zip(groups, grids, strict=True):
        for row, line in zip(rows, grid, strict=True):
            missing = [Node("TD") for place in range(width) if place >= len(line) or line[place] is None]
            row.kids += missing
    lines = [line for grid in grids for line in grid]
    headers = [cell for line in lines for cell in line if cell is not None and cell.kind == "TH"]
    for line in lines:
        for place, cell in enumerate(line):
            if cell is not None and cell.kind == "TH" and "Scope" not in cell.attributes:
                row_header = place == 0 and any(each is not None and each.kind == "TD" for each in line)
                cell.attributes["Scope"] = "Row" if row_header else "Column"
    if any("ColSpan" in cell.attributes or "RowSpan" in cell.attributes for cell in headers):
        _name_headers(lines, number)


def _rows(table: Node) -> list[list[Node]]:
    """The rows of every group: cells do not reach from one group into another."""
    groups: list[list[Node]] = [[]]
    for kid in table.kids:
        if isinstance(kid, Node) and kid.kind == "TR":
            groups[-1].append(kid)
        elif isinstance(kid, Node) and kid.kind in ("THead", "TBody", "TFoot"):
            groups += [[row for row in kid.kids if isinstance(row, Node) and row.kind == "TR"], []]
    return groups


def _grid(rows: list[Node]) -> list[_Line]:
    """The cell at every place of every row; None where there is none. Cells that reach too far are cut."""
    grid: list[_Line] = [[] for _ in rows]
    for number, row in enumerate(rows):
        place = 0
        for cell in row.kids:
            if not isinstance(cell, Node):
                continue
            while place < len(grid[number]) and grid[number][place] is not None:
                place += 1
            down = min(int(str(cell.attributes.get("RowSpan", 1))), len(rows) - number)
            if "RowSpan" in cell.attributes:
                cell.attributes["RowSpan"] = down
            across = int(str(cell.attributes.get("ColSpan", 1)))
            for line in grid[number : number + down]:
                line.extend([None] * (place + across - len(line)))
                line[place : place + across] = [cell] * across
            place += across
    return grid


def _name_headers(lines: list[_Line], number: int) -> None:
    """Give cells the names of their headers, where rows and columns alone do not tell (ISO 32000-1, 14.8.5.7)."""
    above: dict[int, list[str]] = {}
    named: dict[Node, str] = {}
    found: dict[Node, list[str]] = {}
    for line in lines:
        beside: list[str] = []
        for place, cell in enumerate(line):
            if cell is None:
                continue
            if cell.kind == "TH":
                if cell not in named:
                    named[cell] = f"t{number}-{len(named) + 1}"
                    cell.attributes["ID"] = named[cell]
                group = beside if cell.attributes["Scope"] == "Row" else above.setdefault(place, [])
                group.append(named[cell])
            else:
                found.setdefault(cell, []).extend([*beside, *above.get(place, ())])
    for cell, names in found.items():
        if names:
            cell.attributes["Headers"] = tuple(dict.fromkeys(names))
