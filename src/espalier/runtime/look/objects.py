"""The things that drawn pictures are made of, and the words that call for them.

Each thing is drawn in a box of 100 by 100 and stands on its bottom edge. Classes name the paint: `a`, `b` and `c` are the
picture's three colours, `d` its dark, `l` its light, `g` its ground; `sa`, `sd` and so on are lines in these colours.
"""

import re
from functools import lru_cache

_LEAF = "M50 66c-11-14-11-34 0-48 11 14 11 34 0 48z"
_PETAL = '<ellipse class="a" cx="50" cy="19" rx="9" ry="15"'

OBJECTS: dict[str, str] = {
    "cup": '<path class="sa w7" d="M74 56h7a11 11 0 0 1 0 23h-9"/><path class="a" d="M20 48h57v20a27 27 0 0 1-27 27h-3a27 27 0 0 1-27-27z"/>'
    '<ellipse class="d" cx="48.500" cy="48" rx="28.500" ry="5"/><ellipse class="b" cx="48.500" cy="97" rx="42" ry="3.500"/>'
    '<path class="sb w3" d="M40 36c-6-8 6-10 0-19M55 36c-6-8 6-10 0-19"/>',
    "bowl": '<circle class="b" cx="32" cy="50" r="15"/><circle class="c" cx="54" cy="44" r="18"/><circle class="b" cx="73" cy="52" r="11"/>'
    '<path class="a" d="M8 56h84a42 42 0 0 1-28 37v7H36v-7A42 42 0 0 1 8 56z"/><path class="sl w3" d="M18 68h64"/>',
    "loaf": '<path class="a" d="M4 100c-5-36 17-58 46-58s51 22 46 58z"/><path class="sl w5" d="M26 76c2-8 6-15 13-19M46 75c1-8 4-15 10-20M66 76c1-7 3-12 7-16"/>',
    "cake": '<path class="a" d="M26 64h48l-8 36H34z"/><path class="sd w2" d="M40 66l3 32M50 66v32M60 66l-3 32"/>'
    '<path class="b" d="M22 66c-8-10-2-20 6-22 0-12 10-18 22-18s22 6 22 18c8 2 14 12 6 22z"/><circle class="c" cx="50" cy="20" r="8"/>',
    "pear": '<path class="sd w3" d="M50 22c0-8 3-13 8-17"/><path class="c" d="M54 14c6-10 17-11 24-7-5 9-15 12-24 7z"/>'
    '<path class="a" d="M50 20c11 0 14 12 17 25 4 12 16 18 16 33 0 16-14 22-33 22s-33-6-33-22c0-15 12-21 16-33 3-13 6-25 17-25z"/><path class="sl w3" d="M30 84c-3-6-2-12 1-17"/>',
    "orange": '<circle class="a" cx="50" cy="58" r="42"/><circle class="l" cx="50" cy="58" r="36"/><circle class="b" cx="50" cy="58" r="32"/>'
    '<path class="sl w3" d="M50 26v64M18 58h64M27.400 35.400l45.200 45.200M72.600 35.400 27.400 80.600"/><circle class="l" cx="50" cy="58" r="4"/>',
    "lemon": '<path class="a" d="M4 62c8-4 10-8 16-16 14-18 44-18 58 0 6 8 10 12 18 16-8 4-12 8-18 16-14 18-44 18-58 0-6-8-8-12-16-16z"/><path class="sl w3" d="M30 48c6-6 14-8 20-8"/>',
    "bottle": '<path class="a" d="M41 14h18v22c0 8 12 12 12 26v38H29V62c0-14 12-18 12-26z"/><path class="d" d="M39 4h22v12H39z"/><path class="l" d="M29 64h42v22H29z"/><path class="sa w2" d="M37 72h26M37 79h16"/>',
    "glass": '<path class="b" d="M27 34h46c0 20-6 32-23 33-17-1-23-13-23-33z"/><path class="sa w3" d="M25 14c-4 30 2 53 25 54 23-1 29-24 25-54z"/><path class="sa w3" d="M50 68v29M32 98h36"/>',
    "pizza": '<path class="b" d="M8 26c26-18 58-18 84 0L50 100z"/><path class="a" d="M8 26c26-18 58-18 84 0l-5 9C62 20 38 20 13 35z"/><circle class="c" cx="38" cy="44" r="7"/><circle class="c" cx="60" cy="48" r="7"/><circle class="c" cx="49" cy="69" r="6"/>',
    "cone": '<path class="a" d="M28 54h44L50 100z"/><path class="sl w2" d="M36 56l20 30M48 56l14 19M64 56 44 86M52 56 38 75"/><circle class="b" cx="36" cy="42" r="16"/><circle class="c" cx="63" cy="42" r="16"/><circle class="b" cx="50" cy="25" r="17"/>',
    "carrot": '<path class="c" d="M50 34C34 26 30 14 32 4c10 4 16 14 18 30zM50 34c16-8 20-20 18-30-10 4-16 14-18 30zM50 34c-6-12-5-24 0-34 5 10 6 22 0 34z"/><path class="a" d="M28 40c6-12 38-12 44 0 3 14-8 46-22 60-14-14-25-46-22-60z"/><path class="sl w2" d="M34 54h12M56 64h10M40 76h9"/>',
    "plant": "".join(f'<path class="{"bc"[i % 2]}" d="{_LEAF}" transform="rotate({turn} 50 66) translate(0 {drop})"/>' for i, (turn, drop) in enumerate([(-62, 4), (62, 4), (-32, -3), (32, -3), (0, -8)]))
    + '<path class="a" d="M28 66h44l-6 34H34z"/><path class="d" d="M25 61h50v9H25z"/>',
    "cactus": '<path class="b" d="M40 74V24a10 10 0 0 1 20 0v50zM40 60H30a10 10 0 0 1-10-10V38a5 5 0 0 1 10 0v11h10zM60 52h10V36a5 5 0 0 1 10 0v17a9 9 0 0 1-9 9H60z"/><path class="sl w2" d="M50 22v50"/><path class="a" d="M28 72h44l-6 28H34z"/>',
    "flower": '<path class="sc w3" d="M50 44v56"/><path class="c" d="M50 84c-14 2-22-6-24-16 12 0 21 6 24 16zM50 94c14 0 21-9 22-19-12 1-20 8-22 19z"/>'
    + "".join(f'{_PETAL} transform="rotate({turn} 50 34)"/>' for turn in range(0, 360, 45)) + '<circle class="b" cx="50" cy="34" r="9"/>',
    "tulips": '<path class="sc w3" d="M50 100V52M50 100C46 84 36 74 28 66M50 100c4-16 14-26 22-34"/><path class="a" d="M38 26l6 7 6-13 6 13 6-7c4 16 0 28-12 28S34 42 38 26z"/><path class="b" d="M14 44l6 5 4-11 8 9 6-7c5 14 2 25-8 27-11 2-17-9-16-23z"/><path class="b" d="M86 42l-6 5-4-11-8 9-6-7c-5 14-2 25 8 27 11 2 17-9 16-23z"/>',
    "vase": '<path class="sc w2" d="M48 44C44 28 34 18 26 10M50 44c0-18 2-28 4-42M53 44c4-14 14-20 24-24"/><g class="c"><ellipse cx="27" cy="12" rx="5" ry="10" transform="rotate(-38 27 12)"/><ellipse cx="38" cy="22" rx="4" ry="9" transform="rotate(-70 38 22)"/><ellipse cx="60" cy="14" rx="4" ry="9" transform="rotate(40 60 14)"/><ellipse cx="45" cy="16" rx="4" ry="9" transform="rotate(-30 45 16)"/></g><circle class="b" cx="78" cy="19" r="8"/><circle class="b" cx="54" cy="4" r="6"/>'
    '<path class="a" d="M40 42h20c-1 10 17 16 17 33 0 15-8 25-14 25H37c-6 0-14-10-14-25 0-17 18-23 17-33z"/>',
    "tree": '<path class="d" d="M46 56h8v44h-8z"/><path class="b" d="M50 6c16 0 22 10 22 18 10 2 16 12 12 22-3 10-14 16-34 16S19 56 16 46c-4-10 2-20 12-22 0-8 6-18 22-18z"/><path class="sl w2" d="M50 62V34M50 50l-12-9M50 44l10-8"/>',
    "pine": '<path class="d" d="M46 86h8v14h-8z"/><path class="b" d="M50 4 74 40H64l18 26H70l16 22H14l16-22H18l18-26H26z"/>',
    "house": '<path class="a" d="M16 46 50 18l34 28v54H16z"/><path class="d" d="M4 52 50 12l46 40-6 7-40-34-40 34z"/><path class="b" d="M42 68a8 8 0 0 1 16 0v32H42z"/><path class="l" d="M24 62h12v13H24zM64 62h12v13H64z"/>',
    "shop": '<path class="l" d="M12 44h76v56H12z"/><path class="d" d="M20 58h34v26H20zM62 58h18v42H62z"/><path class="a" d="M6 22h88l4 24a11 11 0 0 1-19 0 11 11 0 0 1-19 0 11 11 0 0 1-20 0 11 11 0 0 1-19 0 11 11 0 0 1-19 0z"/><path class="b" d="M22 22h18v24a11 11 0 0 1-19 0zM60 22h18l1 24a11 11 0 0 1-19 0z"/><path class="sl w2" d="M26 78l14-14"/>',
    "chair": '<path class="sd w5" d="M26 84v14M74 84v14"/><path class="a" d="M24 20a14 14 0 0 1 14-14h24a14 14 0 0 1 14 14v44H24z"/><path class="b" d="M22 58h56v18H22z"/><path class="a" d="M10 52a8 8 0 0 1 16 0v18h48V52a8 8 0 0 1 16 0v34H10z"/>',
    "lamp": '<path class="sd w3" d="M50 44v54"/><path class="a" d="M34 10h32l16 38H18z"/><path class="d" d="M30 94h40v6H30z"/><circle class="b" cx="50" cy="52" r="7"/>',
    "dog": '<path class="a" d="M30 26h40c12 0 16 18 14 38-2 22-16 34-34 34S18 86 16 64c-2-20 2-38 14-38z"/><path class="b" d="M33 26C16 20 4 36 7 60c1 9 14 8 19-5 2-8 3-20 7-29zM67 26c17-6 29 10 26 34-1 9-14 8-19-5-2-8-3-20-7-29z"/><ellipse class="l" cx="50" cy="77" rx="19" ry="16"/><ellipse class="d" cx="50" cy="69" rx="8.500" ry="6"/><path class="sd w2" d="M50 75v6M41 84c3 4 6 4 9-2 3 6 6 6 9 2"/><circle class="d" cx="37" cy="52" r="3.800"/><circle class="d" cx="63" cy="52" r="3.800"/>',
    "cat": '<path class="a" d="M17 16l20 18h26l20-18c6 18 8 42 5 58-4 17-20 26-38 26s-34-9-38-26c-3-16-1-40 5-58z"/><path class="b" d="M22 27l11 11-13 9zM78 27 67 38l13 9z"/><circle class="d" cx="35" cy="62" r="4"/><circle class="d" cx="65" cy="62" r="4"/><path class="b" d="M44 73h12l-6 7z"/><path class="sd w2" d="M50 80c-2 6-8 7-12 4M50 80c2 6 8 7 12 4M4 68l18 4M4 82l18-4M96 68l-18 4M96 82l-18-4"/>',
    "bird": '<path class="sd w3" d="M46 92v8M58 92v8"/><path class="a" d="M6 84c22 0 20-56 56-58 15 0 23 9 23 19l13 6-13 4c-2 26-19 40-43 40-15 0-29-2-36-11z"/><path class="b" d="M32 68c15-2 25-9 31-21 5 21-6 36-22 36-6 0-9-6-9-15z"/><circle class="d" cx="68" cy="40" r="3.500"/>',
    "fish": '<path class="b" d="M66 60l28-24c-4 16-4 32 0 48z"/><path class="a" d="M4 60c16-28 52-30 72 0-20 30-56 28-72 0z"/><path class="sl w3" d="M34 44c6 10 6 22 0 32M48 43c5 10 5 24 0 34"/><circle class="l" cx="20" cy="56" r="4.500"/><circle class="d" cx="20" cy="56" r="2.200"/>',
    "boat": '<path class="sd w3" d="M50 8v66"/><path class="b" d="M46 10v56H12z"/><path class="c" d="M54 22v44h30z"/><path class="a" d="M6 74h88L78 98H22z"/><path class="sl w2" d="M18 82h64"/>',
    "mountain": '<path class="a" d="M0 100 40 22l20 36 10-14 30 56z"/><path class="l" d="M40 22l14 25-8 6-6-8-7 8-6-5z"/><path class="b" d="M0 100 24 70l24 30z"/>',
    "tent": '<path class="a" d="M50 20 96 100H4z"/><path class="d" d="M50 46 72 100H28z"/><path class="b" d="M50 46 42 100H28z"/><path class="sd w3" d="M44 10 52 24M56 10l-8 14"/>',
    "plane": '<path class="a" d="M4 52 96 12 66 92 46 66z"/><path class="d" d="M46 66 96 12 36 60v30z"/><path class="b" d="M4 52 96 12 36 60z"/>',
    "suitcase": '<path class="sd w5" d="M36 32V18h28v14"/><path class="a" d="M8 40a8 8 0 0 1 8-8h68a8 8 0 0 1 8 8v52a8 8 0 0 1-8 8H16a8 8 0 0 1-8-8z"/><path class="b" d="M24 32h9v68h-9zM67 32h9v68h-9z"/><circle class="l" cx="50" cy="66" r="9"/>',
    "globe": '<circle class="a" cx="50" cy="54" r="44"/><path class="sl w3" d="M50 10v88M6 54h88M50 10c-28 26-28 62 0 88M50 10c28 26 28 62 0 88M13 32h74M13 76h74"/>',
    "books": '<path class="a" d="M10 80h78v20H10z"/><path class="l" d="M16 84h72v12H16z"/><path class="b" d="M20 60h66v20H20z"/><path class="d" d="M30 60h7v20h-7zM68 60h7v20h-7z"/><path class="c" d="M14 40h64v20H14z"/><path class="l" d="M20 44h58v12H20z"/><path class="b" d="M44 30c8-12 20-8 20 2 0 6-4 8-10 8s-10-4-10-10z"/>',
    "book": '<path class="a" d="M4 26c18-8 34-6 46 4 12-10 28-12 46-4v66c-18-8-34-6-46 4-12-10-28-12-46-4z"/><path class="l" d="M10 24c15-5 30-3 40 6v62c-10-8-25-9-40-5zM90 24c-15-5-30-3-40 6v62c10-8 25-9 40-5z"/><path class="sa w2" d="M18 42c9-2 17 0 24 4M18 56c9-2 17 0 24 4M18 70c9-2 17 0 24 4M82 42c-9-2-17 0-24 4M82 56c-9-2-17 0-24 4"/>',
    "vinyl": '<circle class="d" cx="50" cy="54" r="45"/><g class="sl w1"><circle cx="50" cy="54" r="38"/><circle cx="50" cy="54" r="31"/><circle cx="50" cy="54" r="25"/></g><circle class="a" cx="50" cy="54" r="18"/><path class="b" d="M50 36a18 18 0 0 1 0 36z"/><circle class="l" cx="50" cy="54" r="3"/>',
    "note": '<path class="a" d="M34 20 88 6v14L34 34z"/><path class="sa w5" d="M36.500 84V24M85.500 72V10"/><ellipse class="b" cx="25" cy="86" rx="15" ry="12"/><ellipse class="b" cx="74" cy="74" rx="15" ry="12"/>',
    "guitar": '<path class="sd w5" d="M62 40 90 8"/><path class="d" d="M84 2l12 10-6 6-11-10z"/><path class="a" d="M40 40c8-8 18-6 22 0s10 8 8 18-12 10-12 20c0 12-12 22-28 22-18 0-28-14-24-30 3-14 16-14 22-18 4-4 6-6 12-12z"/><circle class="d" cx="46" cy="62" r="9"/><path class="sl w3" d="M22 76l14 12"/>',
    "laptop": '<path class="d" d="M16 26a5 5 0 0 1 5-5h58a5 5 0 0 1 5 5v56H16z"/><path class="l" d="M22 27h56v49H22z"/><path class="a" d="M28 58h9v18h-9zM42 46h9v30h-9z"/><path class="b" d="M56 36h9v40h-9z"/><path class="a" d="M4 82h92l-6 14H10z"/>',
    "chart": '<path class="a" d="M10 66h18v34H10z"/><path class="b" d="M34 46h18v54H34z"/><path class="c" d="M58 58h18v42H58z"/><path class="a" d="M82 22h14v78H82z"/><path class="sd w3" d="M14 46l28-24 24 14L90 6"/>',
    "bike": '<g class="sd w3"><circle cx="22" cy="76" r="21"/><circle cx="78" cy="76" r="21"/></g><path class="sa w5" d="M22 76l20-36h28l8 36M42 40l10 36h-30M52 76l18-36M70 40l-3-16h12"/><path class="d" d="M32 32h20v6H32z"/><circle class="b" cx="52" cy="76" r="6"/>',
    "car": '<path class="a" d="M4 86V66c0-6 4-8 10-9l10-2 12-20c2-3 4-5 9-5h22c5 0 8 2 11 6l12 19 4 2c4 2 6 4 6 9v20z"/><path class="l" d="M34 54l8-14c1-2 2-3 5-3h5v17zM58 37h8c3 0 5 1 6 3l8 14H58z"/><circle class="d" cx="26" cy="86" r="13"/><circle class="d" cx="76" cy="86" r="13"/><circle class="b" cx="26" cy="86" r="5"/><circle class="b" cx="76" cy="86" r="5"/>',
    "dumbbell": '<path class="d" d="M26 56h48v10H26z"/><path class="a" d="M14 34h14v54H14zM72 34h14v54H72z"/><path class="b" d="M4 44h10v34H4zM86 44h10v34H86z"/>',
    "ball": '<circle class="a" cx="50" cy="56" r="43"/><path class="sl w3" d="M50 13v86M7 56h86M20 26c18 18 18 44 0 62M80 26c-18 18-18 44 0 62"/>',
    "racket": '<ellipse class="sa w5" cx="42" cy="36" rx="26" ry="32"/><path class="sb w1" d="M24 18l38 38M20 34l30 30M34 8l30 32M60 18 24 54M64 34 36 64M48 8 18 40"/><path class="sd w7" d="M57 66l18 30"/><circle class="c" cx="82" cy="30" r="10"/>',
    "mat": '<path class="a" d="M4 88h78a10 10 0 0 0 0-20H20v12H4z"/><circle class="b" cx="82" cy="78" r="16"/><path class="sl w3" d="M82 70a8 8 0 1 1-7 5"/><circle class="c" cx="34" cy="36" r="20"/>',
    "clock": '<circle class="a" cx="50" cy="54" r="44"/><circle class="l" cx="50" cy="54" r="35"/><path class="sd w5" d="M50 54V30M50 54l16 12"/><circle class="b" cx="50" cy="54" r="5"/>',
    "letter": '<path class="a" d="M6 30h88v66H6z"/><path class="b" d="M6 30 50 68l44-38z"/><path class="sl w2" d="M6 96l32-38M94 96 62 58"/>',
    "coins": '<g class="a"><ellipse cx="36" cy="92" rx="30" ry="8"/><path d="M6 82h60v10H6z"/></g><ellipse class="b" cx="36" cy="82" rx="30" ry="8"/><path class="a" d="M6 66h60v10c-10 8-50 8-60 0z"/><ellipse class="b" cx="36" cy="66" rx="30" ry="8"/><path class="c" d="M64 52a20 20 0 1 1 10 40z"/><circle class="c" cx="76" cy="58" r="20"/><circle class="l" cx="76" cy="58" r="12"/>',
    "box": '<path class="a" d="M50 56v44L8 80V36z"/><path class="b" d="M50 56v44l42-20V36z"/><path class="c" d="M50 14 92 36 50 56 8 36z"/><path class="l" d="M28 26l42 20v16l-10-5V50L19 31z"/>',
    "bag": '<path class="sd w3" d="M34 40V26a16 16 0 0 1 32 0v14"/><path class="a" d="M14 36h72l6 64H8z"/><path class="b" d="M11 68h78l3 32H8z"/>',
    "shirt": '<path class="a" d="M34 12c6 10 26 10 32 0l28 16-10 24-14-6v54H30V46l-14 6L6 28z"/><path class="b" d="M30 62h40v12H30zM30 82h40v8H30z"/>',
    "camera": '<path class="d" d="M34 26l6-10h20l6 10z"/><path class="a" d="M6 26h88v66H6z"/><path class="b" d="M6 40h88v10H6z"/><circle class="l" cx="50" cy="60" r="23"/><circle class="d" cx="50" cy="60" r="17"/><circle class="a" cx="50" cy="60" r="8"/>',
    "brush": '<path class="a" d="M62 52 92 6c4 4 4 8 2 12L70 60z"/><path class="d" d="M52 54l18 12-8 8-16-12z"/><path class="b" d="M46 62l16 12c-4 18-24 26-50 24 14-8 16-26 34-36z"/>',
    "scissors": '<path class="sd w5" d="M66 74 26 8M34 74 74 8"/><g class="sa w7"><circle cx="26" cy="84" r="13"/><circle cx="74" cy="84" r="13"/></g><circle class="b" cx="50" cy="46" r="4"/>',
    "soap": '<path class="d" d="M44 12h12v16H44z"/><path class="sd w5" d="M50 14H30v7"/><path class="a" d="M26 40a10 10 0 0 1 10-10h28a10 10 0 0 1 10 10v60H26z"/><path class="l" d="M34 54h32v28H34z"/><circle class="b" cx="50" cy="68" r="8"/><circle class="c" cx="88" cy="90" r="8"/><circle class="c" cx="12" cy="84" r="5"/>',
    "candle": '<path class="b" d="M50 6c10 12 12 18 8 25-3 5-13 5-16 0-4-7-2-13 8-25z"/><path class="sd w2" d="M50 30v12"/><path class="a" d="M32 42h36v58H32z"/><path class="l" d="M32 60h36v22H32z"/><path class="sa w2" d="M40 71h20"/>',
    "gem": '<path class="a" d="M26 24h48l22 24-46 52L4 48z"/><path class="b" d="M26 24h48L64 48H36z"/><path class="c" d="M36 48h28L50 100z"/><path class="l" d="M26 24l10 24H4z"/>',
    "heart": '<path class="a" d="M50 96C14 68 4 54 4 38 4 22 15 12 28 12c9 0 17 5 22 14 5-9 13-14 22-14 13 0 24 10 24 26 0 16-10 30-46 58z"/><path class="sl w3" d="M18 44c-2-10 3-17 11-18"/>',
    "hammer": '<path class="b" d="M44 34h12v66H44z"/><path class="a" d="M14 12h58c10 0 18 8 20 20H72v6H14z"/><path class="d" d="M14 12h14v26H14z"/>',
    "wheel": '<circle class="sd w7" cx="50" cy="54" r="42"/><circle class="b" cx="50" cy="54" r="10"/><path class="sa w3" d="M50 12v84M8 54h84M20 24l60 60M80 24 20 84"/>',
    "cap": '<path class="a" d="M50 20 98 44 50 68 2 44z"/><path class="b" d="M22 58v20c14 14 42 14 56 0V58L50 72z"/><path class="sd w3" d="M90 48v30"/><circle class="d" cx="90" cy="82" r="5"/>',
    "pencil": '<path class="a" d="M30 24h40v50H30z"/><path class="b" d="M30 8h40v16H30z"/><path class="l" d="M30 74h40L50 100z"/><path class="d" d="M43 91h14l-7 9z"/><path class="sl w2" d="M43 26v46M57 26v46"/>',
    "trophy": '<path class="sa w5" d="M26 20H8c0 22 8 30 22 32M74 20h18c0 22-8 30-22 32"/><path class="a" d="M24 8h52v30c0 18-10 30-26 30S24 56 24 38z"/><path class="d" d="M45 66h10v18H45zM28 84h44v16H28z"/><path class="b" d="M50 20l4 9 10 1-7 7 2 10-9-5-9 5 2-10-7-7 10-1z"/>',
    "drop": '<path class="a" d="M50 4c22 30 36 44 36 62 0 20-16 34-36 34S14 86 14 66C14 48 28 34 50 4z"/><path class="sl w5" d="M28 66c0 12 8 20 18 22"/>',
    "pill": '<g transform="rotate(-32 50 56)"><path class="a" d="M50 34v44H26a22 22 0 0 1 0-44z"/><path class="b" d="M50 34v44h24a22 22 0 0 0 0-44z"/></g><circle class="c" cx="82" cy="20" r="10"/>',
    "sun": '<g class="sa w5"><path d="M50 2v14M50 84v14M2 50h14M84 50h14M16 16l10 10M74 74l10 10M84 16 74 26M26 74 16 84"/></g><circle class="b" cx="50" cy="50" r="25"/>',
    "bubble": '<path class="a" d="M4 14h66v46H34L18 76V60H4z"/><path class="b" d="M40 68h36v-36h20v50H86v16L70 82H40z"/><path class="sl w3" d="M18 30h38M18 43h24"/>',
    "cottage": '<path class="d" d="M66 20h10v24H66z"/><path class="l" d="M12 52h76v48H12z"/><path class="a" d="M4 60C10 40 22 30 34 30h32c12 0 24 10 30 30-9 3-20 2-26-4-5 5-15 5-20 0-5 5-15 5-20 0-6 6-17 7-26 4z"/><path class="b" d="M43 74a7 7 0 0 1 14 0v26H43z"/><path class="d" d="M20 70h14v13H20zM66 70h14v13H66z"/>',
    "terrace": '<path class="a" d="M6 34 20 18l14 16v66H6z"/><path class="b" d="M36 24h28v76H36z"/><path class="d" d="M34 17h32v8H34z"/><path class="c" d="M66 38a14 14 0 0 1 28 0v62H66z"/>'
    '<path class="l" d="M12 42h6v10h-6zM22 42h6v10h-6zM12 60h6v10h-6zM22 60h6v10h-6zM42 34h6v11h-6zM52 34h6v11h-6zM42 54h6v11h-6zM52 54h6v11h-6zM72 46h6v10h-6zM82 46h6v10h-6zM72 64h6v10h-6zM82 64h6v10h-6z"/><path class="d" d="M15 82h10v18H15zM45 78h10v22H45zM75 82h10v18H75z"/>',
    "barn": '<path class="a" d="M8 100V50l14-24 28-14 28 14 14 24v50z"/><path class="d" d="M2 54 18 24 50 6l32 18 16 30-6 3-15-27-27-15-27 15L8 57z"/><path class="l" d="M30 58h40v42H30z"/><path class="sb w3" d="M31 60l38 39M69 60 31 99"/><path class="l" d="M43 30h14v15H43z"/>',
    "flats": '<path class="a" d="M18 18h64v82H18z"/><path class="d" d="M13 10h74v9H13z"/><path class="l" d="M26 28h12v12H26zM44 28h12v12H44zM62 28h12v12H62zM26 47h12v12H26zM44 47h12v12H44zM62 47h12v12H62zM26 66h12v12H26zM62 66h12v12H62z"/><path class="b" d="M42 70h16v30H42z"/>',
    "lighthouse": '<path class="l" d="M38 34h24l9 66H29z"/><path class="a" d="M36.400 46h27.200l2.200 16H34.200zM32 78h36l2.200 16H29.800z"/><path class="d" d="M33 28h34v6H33zM42 6h16l6 8H36z"/><path class="b" d="M40 14h20v14H40z"/>',
    "bridge": '<path class="a" d="M2 50c16-10 32-16 48-16s32 6 48 16v40H86a16 16 0 0 0-32 0h-8a16 16 0 0 0-32 0H2z"/><path class="sl w3" d="M8 58c14-8 28-13 42-13s28 5 42 13"/><path class="b" d="M0 88h100v12H0z"/><path class="sl w2" d="M8 94h18M40 94h22M76 94h16"/>',
    "bench": '<path class="d" d="M16 34h6v66h-6zM78 34h6v66h-6z"/><path class="a" d="M8 36h84v9H8zM8 50h84v9H8z"/><path class="b" d="M3 68h94v10H3z"/>',
    "river": '<circle class="b" cx="76" cy="20" r="13"/><path class="c" d="M30 62 58 26l36 40z"/><path class="a" d="M0 100V66c18-14 36-16 52-8 16-8 32-6 48 2v40z"/><path class="l" d="M52 58c16 5-24 9-19 19 4 8 36 6 29 23H34c4-11-19-10-17-21 2-13 33-10 35-21z"/><path class="sd w3" d="M84 92c0-10 0-16 4-24M90 92c0-8 2-13 6-18M79 92c0-6-1-11-3-15"/>',
    "reeds": '<path class="sc w3" d="M30 100c0-28 2-54-4-70M50 100V24M68 100c0-28 0-42 8-60M40 100c0-18-6-34-18-44M60 100c2-18 10-26 22-34"/><rect class="a" x="20" y="6" width="10" height="30" rx="5" transform="rotate(-8 25 21)"/><rect class="b" x="45" y="0" width="10" height="32" rx="5"/><rect class="a" x="73" y="14" width="10" height="30" rx="5" transform="rotate(14 78 29)"/>',
    "orchard": '<path class="d" d="M46 60h8v40h-8z"/><path class="c" d="M50 6c16 0 22 10 22 18 10 2 16 12 12 22-3 10-14 18-34 18S19 56 16 46c-4-10 2-20 12-22 0-8 6-18 22-18z"/><circle class="a" cx="36" cy="30" r="6"/><circle class="a" cx="60" cy="24" r="6"/><circle class="a" cx="68" cy="46" r="6"/><circle class="a" cx="46" cy="50" r="6"/><circle class="a" cx="27" cy="48" r="5"/>',
    "gear": '''<g class="a">''' + "".join(f'<path d="M41 6h18l-4 18H45z" transform="rotate({turn} 50 54)"/>' for turn in range(0, 360, 45))
    + '<circle cx="50" cy="54" r="35"/></g><circle class="b" cx="50" cy="54" r="24"/><path class="sl w3" d="M50 30v48M26 54h48"/><circle class="d" cx="50" cy="54" r="8"/>',
    "typewriter": '<path class="l" d="M26 8h48v38H26z"/><path class="sa w2" d="M34 18h32M34 26h24"/><path class="d" d="M12 40h76v10H12z"/><path class="a" d="M18 46h64l14 54H4z"/><g class="l"><circle cx="30" cy="68" r="5"/><circle cx="43" cy="68" r="5"/><circle cx="56" cy="68" r="5"/><circle cx="69" cy="68" r="5"/><circle cx="36" cy="81" r="5"/><circle cx="50" cy="81" r="5"/><circle cx="64" cy="81" r="5"/></g>',
    "spool": '<path class="a" d="M32 22h36v58H32z"/><path class="sl w3" d="M32 34l36 5M32 46l36 5M32 58l36 5M32 70l36 5"/><path class="d" d="M24 10h52v13H24zM24 79h52v21H24z"/><path class="sb w3" d="M68 34c20 0 22 20 14 34s-2 24 8 30"/>',
    "button": '<circle class="a" cx="50" cy="56" r="42"/><circle class="b" cx="50" cy="56" r="31"/><g class="d"><circle cx="41" cy="47" r="5"/><circle cx="59" cy="47" r="5"/><circle cx="41" cy="65" r="5"/><circle cx="59" cy="65" r="5"/></g><path class="sl w3" d="M41 47l18 18"/>',
    "key": '<circle class="a" cx="30" cy="40" r="26"/><circle class="l" cx="30" cy="40" r="11"/><path class="d" d="M48 54l6-6 44 44-8 8-8-8-6 6-9-9 6-6-7-7-6 6z"/>',
    "ring": '<circle class="sa w7" cx="50" cy="66" r="30"/><path class="b" d="M36 12h28l10 14-24 24-24-24z"/><path class="l" d="M36 12l4 14h20l4-14z"/>',
}  # fmt: skip

_WORDS = {
    "cottage": "cottage cottages bungalow farmhouse thatched lodge retreat smallholding",
    "terrace": "terrace terraced townhouse townhouses georgian victorian street row mews city town square",
    "barn": "barn barns mill stable farm coach boathouse shed",
    "flats": "flat flats apartment apartments penthouse tower loft block council",
    "lighthouse": "lighthouse beacon coast coastal headland",
    "bridge": "bridge bridges crossing canal culvert viaduct infrastructure weir",
    "bench": "bench square plaza seating playground stop",
    "river": "river rivers landscape landscapes stream streams brook meadow meadows valley wetland wetlands estuary flood floodplain countryside moor beck",
    "reeds": "reed reeds marsh fen dune dunes pond bog saltmarsh",
    "orchard": "orchard orchards",
    "gear": "machine machines mechanism mechanisms mechanical engine engines gear gears engineering factory clockwork automaton automata",
    "typewriter": "typewriter typewriters typing calculator comptometer",
    "spool": "sew sewing mend mending darn darning stitch stitches stitching thread threads yarn embroidery seam hem needle knit knitting",
    "button": "button buttons clasp fastening patch patches",
    "key": "key keys lock locks locksmith password",
    "cup": "coffee cafe café espresso tea cappuccino latte roast barista mug breakfast brunch cocoa",
    "bowl": "salad soup potluck bowl meal food recipe recipes dinner lunch kitchen cook cooking eat restaurant menu dish ramen noodle noodles rice vegan bistro catering chef canteen",
    "loaf": "bread bakery baker sourdough loaf baguette toast bun rye bake bakes baking brot flour grain wheat oven",
    "cake": "cake cakes cupcake muffin pastry dessert sweet patisserie cookie cookies birthday pie croissant brownie doughnut",
    "pear": "fruit pear apple apples plum orchard harvest market grocery groceries organic farm jam cider",
    "orange": "orange citrus juice smoothie vitamin grapefruit nutrition fresh diet",
    "lemon": "lemon lime lemonade olive oil",
    "bottle": "bottle wine beer brewery drink drinks bar cocktail cocktails spirit syrup sauce milk cellar pub gin",
    "glass": "winery vineyard glass sommelier tasting champagne prosecco",
    "pizza": "pizza pizzeria slice italian cheese",
    "cone": "ice gelato icecream sorbet",
    "carrot": "vegetable vegetables carrot allotment veg greens root",
    "plant": "plant plants houseplant houseplants pot garden gardening gardener nursery green leaf monstera seedling greenhouse fern herb herbs basil eco",
    "cactus": "cactus succulent desert aloe",
    "flower": "flower flowers florist bloom blossom rose daisy petal sunflower spring",
    "tulips": "bouquet tulip tulips wedding weddings bride",
    "vase": "vase ceramic ceramics pottery interior studio decor gallery craft crafts handmade ikebana clay kiln glaze",
    "tree": "tree trees park nature forest wood woods oak outdoors neighbourhood",
    "pine": "pine camp winter christmas fir alpine cabin lodge",
    "house": "house home homes property rent rental apartment flat estate stay room rooms guest household roof landlord tenant building village real",
    "shop": "shop store boutique stall retail commerce corner deli business storefront seller",
    "chair": "chair furniture sofa armchair seat lounge upholstery",
    "lamp": "lamp light lighting electric electrician bulb desk office",
    "dog": "dog dogs puppy pet pets pawfect hound grooming kennel labrador walk walker terrier poodle spaniel paw",
    "cat": "cat cats kitten feline shelter",
    "bird": "bird birds birding owl parrot robin finch wildlife chicken hen eggs",
    "fish": "fish fishing aquarium seafood sushi salmon tuna angling",
    "boat": "boat boats sail sailing sea ocean harbour harbor ship marina ferry coast island beach water lake regatta kayak surf",
    "mountain": "mountain mountains hike hiking trail trails climb climbing trek peak ski skiing alps outdoor summit adventure",
    "tent": "tent camping campsite festival scout scouts",
    "plane": "plane flight flights fly travel trip trips journey airline holiday vacation tour tours destination",
    "suitcase": "hotel luggage packing suitcase bags itinerary hostel booking bookings",
    "globe": "globe world language languages international global country countries map maps geography translation",
    "books": "books library bookshop bookstore reading literature archive shelf lending loan loans",
    "book": "book novel story stories poem poetry read journal diary blog magazine article articles notes wiki writing writer essay",
    "vinyl": "vinyl record records album albums dj jazz soul playlist",
    "note": "music song songs choir concert singing piano orchestra sound audio podcast melody violin band gig",
    "guitar": "guitar guitars acoustic rock strings luthier",
    "laptop": "software app code computer tech technology data developer digital startup web website saas it device devices laptop support helpdesk ticket api",
    "chart": "sales report reports analytics finance dashboard growth crm pipeline lead leads marketing revenue metrics deals survey poll vote votes",
    "bike": "bike bikes bicycle bicycles cycle cycling ride courier",
    "car": "car cars auto garage vehicle vehicles driving mechanic taxi motor fleet parking",
    "dumbbell": "gym fitness workout workouts strength training crossfit weights exercise trainer",
    "ball": "ball football soccer basketball sport sports team league match matches club volleyball handball",
    "racket": "tennis padel badminton squash racket court",
    "mat": "yoga pilates meditation mindfulness stretch wellness retreat",
    "clock": "time clock hours shift shifts schedule timesheet watch appointment appointments reminder calendar habit habits daily rota",
    "letter": "mail letter newsletter email post message contact invitation rsvp event events party",
    "coins": "money coins coin budget expense expenses saving savings bank invoice invoices payment payments donation donations cost price fund tax accounting salary",
    "box": "box package parcel stock inventory warehouse order orders shipping delivery product products supplier moving storage item items",
    "bag": "bag bags shopping fashion tote accessories",
    "shirt": "shirt clothes clothing fashion wear textile tailor laundry dress vintage jacket wardrobe",
    "camera": "camera photo photos photography photographer film video portrait picture pictures cinema movie movies",
    "brush": "art arts artist paint painting painter canvas drawing illustration design designer exhibition museum creative colour",
    "scissors": "hair barber hairdresser salon haircut cut stylist sewing",
    "soap": "soap skin skincare cosmetics beauty cleaning clean cleaner spa lotion shampoo bath massage care",
    "candle": "candle candles wax scent fragrance perfume",
    "gem": "jewelry jewellery gem ring rings diamond gold silver luxury necklace",
    "heart": "love dating charity volunteer volunteers donate health family community gratitude therapy support hospice friends",
    "hammer": "hammer tool tools repair repairs handyman carpenter builder construction workshop renovation maintenance plumber woodwork diy",
    "wheel": "wheel wheels spoke spokes tyre tyres rim rims hub hubs",
    "cap": "school course courses student students class classes university education learn lesson lessons teacher tutor tutoring exam grade academy",
    "pencil": "task tasks todo list plan planner homework form quiz exam test question questions assignment",
    "trophy": "trophy award contest competition tournament winner game games quiz score leaderboard champion challenge",
    "drop": "water rain plumbing swim swimming pool weather irrigation",
    "pill": "medicine pharmacy doctor clinic patient patients dentist medical nurse hospital vet prescription",
    "sun": "sun solar summer energy sunny climate",
    "bubble": "chat forum discussion talk community social conversation comment comments feedback qa meetup member members",
}  # fmt: skip
#: In the order of the table above, a word calls for the first thing that claims it.
_OBJECT_OF: dict[str, str] = {}
for _name, _claimed in _WORDS.items():
    for _word in _claimed.split():
        _OBJECT_OF.setdefault(_word, _name)

#: Things that go well beside each other.
_FAMILIES = (
    "cup loaf cake pear bowl orange lemon bottle vase glass pizza cone carrot",
    "plant flower tulips tree drop sun",
    "plant cactus flower tulips vase drop sun lemon",
    "river tree bridge bench reeds pine orchard mountain flower sun bird",
    "house cottage terrace barn flats lighthouse tree pine plant key",
    "house tree pine chair lamp shop plant",
    "dog cat bird fish ball heart",
    "boat mountain tent plane suitcase globe pine sun",
    "books book cap pencil globe lamp brush camera",
    "vinyl note guitar camera bubble",
    "laptop chart clock letter coins box pencil cup bubble",
    "bike car wheel hammer clock",
    "gear clock wheel typewriter camera globe vinyl key",
    "dumbbell ball racket mat trophy orange drop clock",
    "spool button scissors shirt bag pencil",
    "bag shirt gem scissors soap candle brush vase",
    "heart pill drop flower bubble",
)

#: Kinds of one thing, the plain one first: where only "home" is known, any of them will do.
_KIN = ("house cottage terrace barn", "river bridge reeds", "tree pine orchard", "gear clock wheel")

#: Words that say nothing about what an app is about, though they would in a title.
_IN_PASSING = frozenset(
    "back place places one first last always find real notes note read list save saved form contact company business sale sales "
    "private count counts day days hours love friends support family picture pictures film small it row stop city town sold green studio forgives showed desk advert reads community members appointment appointments catalogue lesson".split()
)

#: Words of too many meanings to draw anything for: tickets are of a help desk or of a theatre, a party brings letters or cake. What
#: an app says beside them decides, and when that says nothing a composition of forms is better than the wrong thing.
_UNSURE = frozenset(
    "ticket tickets support it device devices site web website app apps api data contact invitation invitations rsvp event events "
    "party parties message messages post posts booking bookings club clubs team teams match matches bar cellar spirit spirits light "
    "fresh room rooms stay real building community member members meetup social gig gigs lead leads stage hub hubs set sets "
    "book seat seats street lane road front box bill bills bank watch ring rings iron spring record records board boards".split()
)

_GENERAL = frozenset(
    [
        "lesson",
        "lessons",
        "training",
        "trainer",
        "club",
        "website",
        "web",
        "app",
        "apps",
        "course",
        "courses",
        "class",
        "classes",
        "trip",
        "tour",
        "team",
        "project",
        "projects",
        "product",
        "products",
        "item",
        "items",
        "event",
        "events",
        "list",
        "plan",
        "planner",
        "time",
        "order",
        "orders",
        "store",
        "shop",
        "market",
        "community",
        "member",
        "members",
        "group",
        "report",
        "reports",
        "tracker",
        "manager",
        "school",
        "academy",
        "booking",
        "bookings",
        "set",
        "box",
        "family",
        "health",
        "care",
        "service",
        "repair",
        "best",
        "new",
    ]
)
_BREAKS = re.compile(r"[.,;:!?()/|&-]|\b(?:for|with|of|in|at|from|to|and|or|by|who|that|on|under|your|my|the|a)\b")

_IT = re.compile(r"\bIT\b")


@lru_cache(maxsize=4096)
def thing(words: str) -> str | None:
    """The name of the thing that the words call for, or None."""
    for phrase in _BREAKS.split(words.lower()):
        # "Country sourdough" is a sourdough: the last word of a phrase says what it is, unless it is a general one ("guitar lesson").
        found = re.findall(r"[a-zé]+", phrase)[::-1]
        for word in sorted(found, key=_GENERAL.__contains__):
            for form in (
                word,
                word.removesuffix("s"),
                word.removesuffix("es"),
                word.removesuffix("ing"),
                word.removesuffix("ery"),
            ):
                if form in _OBJECT_OF and form not in _UNSURE and word not in _UNSURE:
                    return _OBJECT_OF[form]
    return None


@lru_cache(maxsize=256)
def beside(name: str) -> tuple[str, ...]:
    """Things that go well beside this one."""
    for family in _FAMILIES:
        members = family.split()
        if name in members:
            return tuple(each for each in members if each != name)
    return ()


@lru_cache(maxsize=1024)
def world(words: str) -> frozenset[str]:
    """The things that an app speaks of and those that go beside them; empty when its words call for none."""
    found: set[str] = set()
    for word in re.findall(r"[a-zé]+", _IT.sub("computers", words).lower()):
        if word not in _GENERAL and word not in _IN_PASSING and (name := thing(word)):
            found.add(name)
    return frozenset(found.union(*(family.split() for family in _FAMILIES if found & set(family.split()))))


def subject(words: str, hint: str = "", setting: str = "", before: str = "") -> str:
    """The thing to draw for a record called `words`, of which `hint` says more, in an app about `setting`; "" when only the wrong
    one would come to mind: a river project called "Post tray" is no letter. `before` is what was drawn last: another of its kind
    is taken if there is one."""
    around = world(setting)
    own = thing(words)
    if own and (not around or own in around):
        return own
    phrases = _BREAKS.split(_IT.sub("computers", hint).lower())
    telling = [" ".join(word for word in phrase.split() if word not in _IN_PASSING | _GENERAL) for phrase in phrases]
    said = (thing(phrase) for phrase in (*telling, *phrases))
    other = next((name for name in said if name and (not around or name in around)), "")
    if not other:
        return ""
    kin = next((kinds.split() for kinds in _KIN if other in kinds.split()), [other])
    start = sum(map(ord, words)) % len(kin) if other == kin[0] else kin.index(other)
    found = kin[start]
    return kin[(start + 1) % len(kin)] if found == before else found
