;; Scans JSON lines that repeat known sequences of members, sixteen bytes at a time.
;;
;; Memory, laid out by json-accelerator.ts:
;;   0      23 doubles: powers of ten
;;   256    members, 80 bytes each: length of the bytes before the value (1 to 32), target, address of the column,
;;          address of the validity bytes, then three vectors: mask and bytes of the first 16, bytes of the last 16;
;;          then the address of a member that may follow, and of one that may stand here instead (0: none), and where it is
;;          said how far strings are packed
;;   …      columns, validity, how far strings are packed, and the lines, followed by at least 32 zero bytes; packed strings
;; Targets: 0 skip, 1 number, 2 whole number, 3 string, 4 boolean, 5 string that is packed: copied behind the one before. A
;; string's cell is two i32: start and end.
;;
;; Whatever is unusual ends the scan before its line: another member than expected, a string that is read and has an
;; escape, bytes beyond ASCII, numbers with exponents or more than 15 digits where they are read, deep nesting.
(module
  (memory (export "memory") 1)
  (global $stop (export "stop") (mut i32) (i32.const 0))
  (global $value (mut f64) (f64.const 0))

  ;; The address of the quote that ends the string whose content begins at $at; -1 when it is none.
  (func $string (param $at i32) (param $escapes i32) (result i32)
    (local $chunk v128) (local $bits i32) (local $byte i32)
    (loop $next
      (local.set $chunk (v128.load (local.get $at)))
      (local.set $bits (i8x16.bitmask (v128.or
        (v128.or
          (i8x16.eq (local.get $chunk) (i8x16.splat (i32.const 0x22)))
          (i8x16.eq (local.get $chunk) (i8x16.splat (i32.const 0x5c))))
        ;; as signed bytes: control characters and everything beyond ASCII
        (i8x16.lt_s (local.get $chunk) (i8x16.splat (i32.const 0x20))))))
      (if (i32.eqz (local.get $bits)) (then
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br $next)))
      (local.set $at (i32.add (local.get $at) (i32.ctz (local.get $bits))))
      (local.set $byte (i32.load8_u (local.get $at)))
      (if (i32.eq (local.get $byte) (i32.const 0x22)) (then (return (local.get $at))))
      (if (i32.ne (local.get $byte) (i32.const 0x5c)) (then (return (i32.const -1))))
      (if (i32.eqz (local.get $escapes)) (then (return (i32.const -1))))
      (local.set $at (call $escape (i32.add (local.get $at) (i32.const 1))))
      (br_if $next (i32.ge_s (local.get $at) (i32.const 0))))
    (i32.const -1))

  ;; Copies the string whose content begins at $at to $into; the address of the quote that ends it, -1 when it is none.
  (func $pack (param $at i32) (param $into i32) (result i32)
    (local $chunk v128) (local $bits i32)
    (loop $next
      (local.set $chunk (v128.load (local.get $at)))
      (v128.store (local.get $into) (local.get $chunk))
      (local.set $bits (i8x16.bitmask (v128.or
        (v128.or
          (i8x16.eq (local.get $chunk) (i8x16.splat (i32.const 0x22)))
          (i8x16.eq (local.get $chunk) (i8x16.splat (i32.const 0x5c))))
        (i8x16.lt_s (local.get $chunk) (i8x16.splat (i32.const 0x20))))))
      (if (i32.eqz (local.get $bits)) (then
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (local.set $into (i32.add (local.get $into) (i32.const 16)))
        (br $next))))
    (local.set $at (i32.add (local.get $at) (i32.ctz (local.get $bits))))
    (select (local.get $at) (i32.const -1) (i32.eq (i32.load8_u (local.get $at)) (i32.const 0x22))))

  ;; Past an escape whose letter is at $at; -1 when JSON does not know it.
  (func $escape (param $at i32) (result i32)
    (local $byte i32) (local $i i32)
    (local.set $byte (i32.load8_u (local.get $at)))
    (if (i32.eq (local.get $byte) (i32.const 0x75)) (then
      (loop $digit
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (if (i32.eqz (call $hex (i32.load8_u (i32.add (local.get $at) (local.get $i))))) (then (return (i32.const -1))))
        (br_if $digit (i32.lt_u (local.get $i) (i32.const 4))))
      (return (i32.add (local.get $at) (i32.const 5)))))
    (if (i32.or
          (i32.or
            (i32.or (i32.eq (local.get $byte) (i32.const 0x22)) (i32.eq (local.get $byte) (i32.const 0x5c)))
            (i32.or (i32.eq (local.get $byte) (i32.const 0x2f)) (i32.eq (local.get $byte) (i32.const 0x62))))
          (i32.or
            (i32.or (i32.eq (local.get $byte) (i32.const 0x66)) (i32.eq (local.get $byte) (i32.const 0x6e)))
            (i32.or (i32.eq (local.get $byte) (i32.const 0x72)) (i32.eq (local.get $byte) (i32.const 0x74)))))
      (then (return (i32.add (local.get $at) (i32.const 1)))))
    (i32.const -1))

  (func $hex (param $byte i32) (result i32)
    (i32.or
      (i32.lt_u (i32.sub (local.get $byte) (i32.const 0x30)) (i32.const 10))
      (i32.lt_u (i32.sub (i32.or (local.get $byte) (i32.const 0x20)) (i32.const 0x61)) (i32.const 6))))

  ;; Past the digits at $at.
  (func $digits (param $at i32) (result i32)
    (loop $next
      (if (i32.lt_u (i32.sub (i32.load8_u (local.get $at)) (i32.const 0x30)) (i32.const 10)) (then
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $next))))
    (local.get $at))

  ;; Past a number of any length that JSON knows; -1 when it is none.
  (func $skipNumber (param $at i32) (result i32)
    (local $first i32) (local $byte i32)
    (if (i32.eq (i32.load8_u (local.get $at)) (i32.const 0x2d)) (then (local.set $at (i32.add (local.get $at) (i32.const 1)))))
    (local.set $first (local.get $at))
    (local.set $at (call $digits (local.get $at)))
    (if (i32.eq (local.get $at) (local.get $first)) (then (return (i32.const -1))))
    (if (i32.and
          (i32.eq (i32.load8_u (local.get $first)) (i32.const 0x30))
          (i32.gt_u (i32.sub (local.get $at) (local.get $first)) (i32.const 1)))
      (then (return (i32.const -1))))
    (if (i32.eq (i32.load8_u (local.get $at)) (i32.const 0x2e)) (then
      (local.set $first (i32.add (local.get $at) (i32.const 1)))
      (local.set $at (call $digits (local.get $first)))
      (if (i32.eq (local.get $at) (local.get $first)) (then (return (i32.const -1))))))
    (if (i32.eq (i32.or (i32.load8_u (local.get $at)) (i32.const 0x20)) (i32.const 0x65)) (then
      (local.set $byte (i32.load8_u offset=1 (local.get $at)))
      (local.set $first (i32.add (local.get $at) (i32.const 1)))
      (if (i32.or (i32.eq (local.get $byte) (i32.const 0x2d)) (i32.eq (local.get $byte) (i32.const 0x2b)))
        (then (local.set $first (i32.add (local.get $first) (i32.const 1)))))
      (local.set $at (call $digits (local.get $first)))
      (if (i32.eq (local.get $at) (local.get $first)) (then (return (i32.const -1))))))
    (local.get $at))

  ;; Reads a number in plain notation with at most 15 digits into $value; past it, or -1.
  (func $number (param $at i32) (result i32)
    (local $first i32) (local $byte i32) (local $negative i32) (local $whole i32) (local $fraction i32)
    (local $mantissa i64) (local $number f64)
    (if (i32.eq (i32.load8_u (local.get $at)) (i32.const 0x2d)) (then
      (local.set $negative (i32.const 1))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))))
    (local.set $first (local.get $at))
    (loop $next
      (local.set $byte (i32.sub (i32.load8_u (local.get $at)) (i32.const 0x30)))
      (if (i32.lt_u (local.get $byte) (i32.const 10)) (then
        (local.set $mantissa (i64.add (i64.mul (local.get $mantissa) (i64.const 10)) (i64.extend_i32_u (local.get $byte))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $next))))
    (local.set $whole (i32.sub (local.get $at) (local.get $first)))
    (if (i32.eqz (local.get $whole)) (then (return (i32.const -1))))
    (if (i32.and
          (i32.eq (i32.load8_u (local.get $first)) (i32.const 0x30))
          (i32.gt_u (local.get $whole) (i32.const 1)))
      (then (return (i32.const -1))))
    (if (i32.eq (i32.load8_u (local.get $at)) (i32.const 0x2e)) (then
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (local.set $first (local.get $at))
      (loop $more
        (local.set $byte (i32.sub (i32.load8_u (local.get $at)) (i32.const 0x30)))
        (if (i32.lt_u (local.get $byte) (i32.const 10)) (then
          (local.set $mantissa (i64.add (i64.mul (local.get $mantissa) (i64.const 10)) (i64.extend_i32_u (local.get $byte))))
          (local.set $at (i32.add (local.get $at) (i32.const 1)))
          (br $more))))
      (local.set $fraction (i32.sub (local.get $at) (local.get $first)))
      (if (i32.eqz (local.get $fraction)) (then (return (i32.const -1))))))
    (if (i32.gt_u (i32.add (local.get $whole) (local.get $fraction)) (i32.const 15)) (then (return (i32.const -1))))
    (if (i32.eq (i32.or (i32.load8_u (local.get $at)) (i32.const 0x20)) (i32.const 0x65)) (then (return (i32.const -1))))
    (local.set $number (f64.convert_i64_u (local.get $mantissa)))
    (if (local.get $fraction) (then
      (local.set $number (f64.div (local.get $number) (f64.load (i32.shl (local.get $fraction) (i32.const 3)))))))
    (if (local.get $negative) (then (local.set $number (f64.neg (local.get $number)))))
    (global.set $value (local.get $number))
    (local.get $at))

  ;; Past the word true, false or null that begins at $at; -1 when there is none.
  (func $word (param $at i32) (result i32)
    (local $four i32)
    (local.set $four (i32.load (local.get $at)))
    (if (i32.or (i32.eq (local.get $four) (i32.const 0x65757274)) (i32.eq (local.get $four) (i32.const 0x6c6c756e)))
      (then (return (i32.add (local.get $at) (i32.const 4)))))
    (if (i32.and
          (i32.eq (local.get $four) (i32.const 0x736c6166))
          (i32.eq (i32.load8_u offset=4 (local.get $at)) (i32.const 0x65)))
      (then (return (i32.add (local.get $at) (i32.const 5)))))
    (i32.const -1))

  ;; Past spaces, tabs and carriage returns.
  (func $space (param $at i32) (result i32)
    (local $byte i32)
    (loop $next
      (local.set $byte (i32.load8_u (local.get $at)))
      (if (i32.or
            (i32.eq (local.get $byte) (i32.const 0x20))
            (i32.or (i32.eq (local.get $byte) (i32.const 0x09)) (i32.eq (local.get $byte) (i32.const 0x0d))))
        (then
          (local.set $at (i32.add (local.get $at) (i32.const 1)))
          (br $next))))
    (local.get $at))

  ;; Past any value; -1 when it is none, or nested deeper than 64.
  (func $skip (param $at i32) (param $depth i32) (result i32)
    (local $byte i32) (local $close i32)
    (local.set $byte (i32.load8_u (local.get $at)))
    (if (i32.eq (local.get $byte) (i32.const 0x22)) (then
      (local.set $at (call $string (i32.add (local.get $at) (i32.const 1)) (i32.const 1)))
      (return (select (i32.const -1) (i32.add (local.get $at) (i32.const 1)) (i32.lt_s (local.get $at) (i32.const 0))))))
    (if (i32.or (i32.eq (local.get $byte) (i32.const 0x7b)) (i32.eq (local.get $byte) (i32.const 0x5b))) (then
      (if (i32.ge_u (local.get $depth) (i32.const 64)) (then (return (i32.const -1))))
      (local.set $close (i32.add (local.get $byte) (i32.const 2)))
      (local.set $at (call $space (i32.add (local.get $at) (i32.const 1))))
      (if (i32.eq (i32.load8_u (local.get $at)) (local.get $close)) (then (return (i32.add (local.get $at) (i32.const 1)))))
      (loop $next
        (local.set $at (call $space (local.get $at)))
        (if (i32.eq (local.get $byte) (i32.const 0x7b)) (then
          (if (i32.ne (i32.load8_u (local.get $at)) (i32.const 0x22)) (then (return (i32.const -1))))
          (local.set $at (call $string (i32.add (local.get $at) (i32.const 1)) (i32.const 1)))
          (if (i32.lt_s (local.get $at) (i32.const 0)) (then (return (i32.const -1))))
          (local.set $at (call $space (i32.add (local.get $at) (i32.const 1))))
          (if (i32.ne (i32.load8_u (local.get $at)) (i32.const 0x3a)) (then (return (i32.const -1))))
          (local.set $at (call $space (i32.add (local.get $at) (i32.const 1))))))
        (local.set $at (call $skip (local.get $at) (i32.add (local.get $depth) (i32.const 1))))
        (if (i32.lt_s (local.get $at) (i32.const 0)) (then (return (i32.const -1))))
        (local.set $at (call $space (local.get $at)))
        (if (i32.eq (i32.load8_u (local.get $at)) (local.get $close)) (then (return (i32.add (local.get $at) (i32.const 1)))))
        (if (i32.ne (i32.load8_u (local.get $at)) (i32.const 0x2c)) (then (return (i32.const -1))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $next))))
    (if (i32.or
          (i32.eq (local.get $byte) (i32.const 0x2d))
          (i32.lt_u (i32.sub (local.get $byte) (i32.const 0x30)) (i32.const 10)))
      (then (return (call $skipNumber (local.get $at)))))
    (call $word (local.get $at)))

  ;; Reads the value of the member described at $entry into row $row; past it, or -1.
  (func $cell (param $at i32) (param $entry i32) (param $row i32) (result i32)
    (local $target i32) (local $byte i32) (local $end i32) (local $column i32) (local $packed i32)
    (local.set $target (i32.load offset=4 (local.get $entry)))
    (if (i32.eqz (local.get $target)) (then (return (call $skip (local.get $at) (i32.const 0)))))
    (local.set $byte (i32.load8_u (local.get $at)))
    (if (i32.eq (local.get $byte) (i32.const 0x6e)) (then
      (i32.store8 (i32.add (i32.load offset=12 (local.get $entry)) (local.get $row)) (i32.const 0))
      (return (call $word (local.get $at)))))
    (local.set $column (i32.load offset=8 (local.get $entry)))
    (i32.store8 (i32.add (i32.load offset=12 (local.get $entry)) (local.get $row)) (i32.const 1))
    (if (i32.eq (local.get $target) (i32.const 3)) (then
      (if (i32.ne (local.get $byte) (i32.const 0x22)) (then (return (i32.const -1))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (local.set $end (call $string (local.get $at) (i32.const 0)))
      (if (i32.lt_s (local.get $end) (i32.const 0)) (then (return (i32.const -1))))
      (local.set $column (i32.add (local.get $column) (i32.shl (local.get $row) (i32.const 3))))
      (i32.store (local.get $column) (local.get $at))
      (i32.store offset=4 (local.get $column) (local.get $end))
      (return (i32.add (local.get $end) (i32.const 1)))))
    (if (i32.eq (local.get $target) (i32.const 5)) (then
      (if (i32.ne (local.get $byte) (i32.const 0x22)) (then (return (i32.const -1))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (local.set $packed (i32.load (i32.load offset=72 (local.get $entry))))
      (local.set $end (call $pack (local.get $at) (local.get $packed)))
      (if (i32.lt_s (local.get $end) (i32.const 0)) (then (return (i32.const -1))))
      (local.set $column (i32.add (local.get $column) (i32.shl (local.get $row) (i32.const 3))))
      (i32.store (local.get $column) (local.get $packed))
      (local.set $packed (i32.add (local.get $packed) (i32.sub (local.get $end) (local.get $at))))
      (i32.store offset=4 (local.get $column) (local.get $packed))
      (i32.store (i32.load offset=72 (local.get $entry)) (local.get $packed))
      (return (i32.add (local.get $end) (i32.const 1)))))
    (if (i32.eq (local.get $target) (i32.const 4)) (then
      (if (i32.and (i32.ne (local.get $byte) (i32.const 0x74)) (i32.ne (local.get $byte) (i32.const 0x66))) (then (return (i32.const -1))))
      (i32.store8 (i32.add (local.get $column) (local.get $row)) (i32.eq (local.get $byte) (i32.const 0x74)))
      (return (call $word (local.get $at)))))
    (local.set $at (call $number (local.get $at)))
    (if (i32.lt_s (local.get $at) (i32.const 0)) (then (return (i32.const -1))))
    (if (i32.and
          (i32.eq (local.get $target) (i32.const 2))
          (f64.ne (f64.trunc (global.get $value)) (global.get $value)))
      (then (return (i32.const -1))))
    (f64.store (i32.add (local.get $column) (i32.shl (local.get $row) (i32.const 3))) (global.get $value))
    (local.get $at))

  ;; True when the bytes before the value of the member at $entry stand at $at.
  (func $matches (param $at i32) (param $entry i32) (result i32)
    (local $length i32)
    (if (v128.any_true (v128.and
          (v128.xor (v128.load (local.get $at)) (v128.load offset=32 (local.get $entry)))
          (v128.load offset=16 (local.get $entry))))
      (then (return (i32.const 0))))
    (local.set $length (i32.load (local.get $entry)))
    (if (i32.le_u (local.get $length) (i32.const 16)) (then (return (i32.const 1))))
    (i32.eqz (v128.any_true (v128.xor
      (v128.load (i32.sub (i32.add (local.get $at) (local.get $length)) (i32.const 16)))
      (v128.load offset=48 (local.get $entry))))))

  ;; Scans lines from $at until $end, at most $most; how many were records of known members, of which $first is tried first.
  ;; $stop: where the next begins.
  (func (export "scan") (param $at i32) (param $end i32) (param $most i32) (param $first i32) (result i32)
    (local $row i32) (local $entry i32) (local $byte i32)
    (global.set $stop (local.get $at))
    (block $done
      (loop $line
        (br_if $done (i32.ge_u (local.get $row) (local.get $most)))
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $entry (local.get $first))
        (loop $member
          (loop $sibling
            (br_if $done (i32.eqz (local.get $entry)))
            (if (i32.eqz (call $matches (local.get $at) (local.get $entry))) (then
              (local.set $entry (i32.load offset=68 (local.get $entry)))
              (br $sibling))))
          (local.set $at (call $cell (i32.add (local.get $at) (i32.load (local.get $entry))) (local.get $entry) (local.get $row)))
          (br_if $done (i32.lt_s (local.get $at) (i32.const 0)))
          (local.set $entry (i32.load offset=64 (local.get $entry)))
          (br_if $member (i32.ne (i32.load8_u (local.get $at)) (i32.const 0x7d))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (local.set $byte (i32.load8_u (local.get $at)))
        (if (i32.ne (local.get $byte) (i32.const 0x0a)) (then
          (local.set $at (call $space (local.get $at)))
          (if (i32.lt_u (local.get $at) (local.get $end)) (then
            (br_if $done (i32.ne (i32.load8_u (local.get $at)) (i32.const 0x0a)))))))
        ;; the zero bytes behind the lines end every value, so nothing was read beyond them
        (br_if $done (i32.gt_u (local.get $at) (local.get $end)))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (local.set $row (i32.add (local.get $row) (i32.const 1)))
        (global.set $stop (local.get $at))
        (br $line)))
    (local.get $row)))
