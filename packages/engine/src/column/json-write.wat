;; Writes JSON lines from cells, sixteen bytes at a time.
;;
;; Memory, laid out by json-line-writer.ts:
;;   columns, 16 bytes each: address and length of the bytes before a value, kind, address of the cells; then what these
;;   point at. Whatever is copied is read and written up to 15 bytes beyond its end.
;; Kinds: 0 number, a double; what is not finite is null. 1 ready, 2 plain: two i32, address and length of bytes. Ready ones
;; are copied as they are; plain ones are the content of a string, or null where the length is negative.
(module
  ;; Writes a number at an address; says where it ends. For what takes more than a few digits.
  (import "host" "number" (func $hostNumber (param f64 i32) (result i32)))
  (memory (export "memory") 1)
  (global $end (export "end") (mut i32) (i32.const 0))

  ;; The eight digits of a number below 10^8, one a byte, the first in the lowest (after "SWAR itoa", P. Khuong, 2017).
  (func $eight (param $n i64) (result i64)
    (local $v i64) (local $q i64)
    (local.set $q (i64.div_u (local.get $n) (i64.const 10000)))
    (local.set $v (i64.or
      (local.get $q)
      (i64.shl (i64.sub (local.get $n) (i64.mul (local.get $q) (i64.const 10000))) (i64.const 32))))
    ;; 10486 / 2^20 for a hundredth, 103 / 2^10 for a tenth: exact below 10000 and below 100
    (local.set $q (i64.and
      (i64.shr_u (i64.mul (local.get $v) (i64.const 10486)) (i64.const 20))
      (i64.const 0x0000007f0000007f)))
    (local.set $v (i64.or
      (local.get $q)
      (i64.shl (i64.sub (local.get $v) (i64.mul (local.get $q) (i64.const 100))) (i64.const 16))))
    (local.set $q (i64.and
      (i64.shr_u (i64.mul (local.get $v) (i64.const 103)) (i64.const 10))
      (i64.const 0x000f000f000f000f)))
    (i64.or
      (local.get $q)
      (i64.shl (i64.sub (local.get $v) (i64.mul (local.get $q) (i64.const 10))) (i64.const 8))))

  ;; Writes a whole number from 0 to 10^16; past it.
  (func $whole (param $n i64) (param $at i32) (result i32)
    (local $upper i64) (local $digits i64) (local $zeros i64)
    (if (i64.lt_u (local.get $n) (i64.const 10)) (then
      (i32.store8 (local.get $at) (i32.add (i32.wrap_i64 (local.get $n)) (i32.const 0x30)))
      (return (i32.add (local.get $at) (i32.const 1)))))
    (local.set $upper (local.get $n))
    (if (i64.ge_u (local.get $n) (i64.const 100000000)) (then
      (local.set $upper (i64.div_u (local.get $n) (i64.const 100000000)))))
    (local.set $digits (call $eight (local.get $upper)))
    (local.set $zeros (i64.and (i64.ctz (local.get $digits)) (i64.const 0x38)))
    (i64.store (local.get $at) (i64.or
      (i64.shr_u (local.get $digits) (local.get $zeros))
      (i64.const 0x3030303030303030)))
    (local.set $at (i32.add (local.get $at) (i32.sub (i32.const 8) (i32.wrap_i64 (i64.shr_u (local.get $zeros) (i64.const 3))))))
    (if (i64.ge_u (local.get $n) (i64.const 100000000)) (then
      (i64.store (local.get $at) (i64.or
        (call $eight (i64.sub (local.get $n) (i64.mul (local.get $upper) (i64.const 100000000))))
        (i64.const 0x3030303030303030)))
      (local.set $at (i32.add (local.get $at) (i32.const 8)))))
    (local.get $at))

  ;; Writes $n / $scale, which is not whole; $pad makes eight digits of those behind the point. Past it.
  (func $fraction (param $n i64) (param $scale i64) (param $pad i64) (param $at i32) (result i32)
    (local $whole i64) (local $digits i64)
    (local.set $whole (i64.div_u (local.get $n) (local.get $scale)))
    (local.set $at (call $whole (local.get $whole) (local.get $at)))
    (local.set $digits (call $eight (i64.mul
      (i64.sub (local.get $n) (i64.mul (local.get $whole) (local.get $scale)))
      (local.get $pad))))
    (i32.store8 (local.get $at) (i32.const 0x2e))
    (i64.store offset=1 (local.get $at) (i64.or (local.get $digits) (i64.const 0x3030303030303030)))
    (i32.sub
      (i32.add (local.get $at) (i32.const 9))
      (i32.wrap_i64 (i64.shr_u (i64.clz (local.get $digits)) (i64.const 3)))))

  ;; Writes a number as JavaScript does; what is not finite as null. Past it.
  (func $number (param $value f64) (param $at i32) (result i32)
    (local $n i64) (local $size f64) (local $scaled f64)
    (local.set $size (f64.abs (local.get $value)))
    (local.set $n (i64.trunc_sat_f64_s (local.get $size)))
    (if (i32.and
          (f64.eq (f64.convert_i64_s (local.get $n)) (local.get $size))
          (f64.le (local.get $size) (f64.const 9007199254740991)))
      (then
        (if (f64.lt (local.get $value) (f64.const 0)) (then
          (i32.store8 (local.get $at) (i32.const 0x2d))
          (local.set $at (i32.add (local.get $at) (i32.const 1)))))
        (return (call $whole (local.get $n) (local.get $at)))))
    ;; Of at most 15 digits no two decimals are the same double, so that n / 10^k, rounded once, is the shortest one
    ;; that reads back as the value.
    (if (f64.lt (local.get $size) (f64.const 1e12)) (then
      (local.set $scaled (f64.nearest (f64.mul (local.get $size) (f64.const 1e3))))
      (if (f64.eq (f64.div (local.get $scaled) (f64.const 1e3)) (local.get $size)) (then
        (if (f64.lt (local.get $value) (f64.const 0)) (then
          (i32.store8 (local.get $at) (i32.const 0x2d))
          (local.set $at (i32.add (local.get $at) (i32.const 1)))))
        (return (call $fraction (i64.trunc_sat_f64_s (local.get $scaled)) (i64.const 1000) (i64.const 100000) (local.get $at)))))
      (if (i32.and (f64.lt (local.get $size) (f64.const 1e7)) (f64.ge (local.get $size) (f64.const 1e-6))) (then
        (local.set $scaled (f64.nearest (f64.mul (local.get $size) (f64.const 1e8))))
        (if (f64.eq (f64.div (local.get $scaled) (f64.const 1e8)) (local.get $size)) (then
          (if (f64.lt (local.get $value) (f64.const 0)) (then
            (i32.store8 (local.get $at) (i32.const 0x2d))
            (local.set $at (i32.add (local.get $at) (i32.const 1)))))
          (return (call $fraction (i64.trunc_sat_f64_s (local.get $scaled)) (i64.const 100000000) (i64.const 1) (local.get $at)))))))))
    (if (i32.eqz (f64.lt (local.get $size) (f64.const inf))) (then
      (i32.store (local.get $at) (i32.const 0x6c6c756e))
      (return (i32.add (local.get $at) (i32.const 4)))))
    (call $hostNumber (local.get $value) (local.get $at)))

  ;; Copies bytes; past them.
  (func $copy (param $from i32) (param $length i32) (param $at i32) (result i32)
    (local $i i32)
    (loop $next
      (v128.store (i32.add (local.get $at) (local.get $i)) (v128.load (i32.add (local.get $from) (local.get $i))))
      (local.set $i (i32.add (local.get $i) (i32.const 16)))
      (br_if $next (i32.lt_s (local.get $i) (local.get $length))))
    (i32.add (local.get $at) (local.get $length)))

  ;; Copies the content of a string; past it, or -1 when a byte has to be escaped.
  (func $plain (param $from i32) (param $length i32) (param $at i32) (result i32)
    (local $i i32) (local $chunk v128) (local $bits i32) (local $left i32)
    (loop $next
      (local.set $chunk (v128.load (i32.add (local.get $from) (local.get $i))))
      (v128.store (i32.add (local.get $at) (local.get $i)) (local.get $chunk))
      (local.set $bits (i8x16.bitmask (v128.or
        (v128.or
          (i8x16.eq (local.get $chunk) (i8x16.splat (i32.const 0x22)))
          (i8x16.eq (local.get $chunk) (i8x16.splat (i32.const 0x5c))))
        (i8x16.lt_u (local.get $chunk) (i8x16.splat (i32.const 0x20))))))
      (if (local.get $bits) (then
        (local.set $left (i32.sub (local.get $length) (local.get $i)))
        (if (i32.ge_s (local.get $left) (i32.const 16)) (then (return (i32.const -1))))
        (if (i32.and (local.get $bits) (i32.sub (i32.shl (i32.const 1) (local.get $left)) (i32.const 1)))
          (then (return (i32.const -1))))))
      (local.set $i (i32.add (local.get $i) (i32.const 16)))
      (br_if $next (i32.lt_s (local.get $i) (local.get $length))))
    (i32.add (local.get $at) (local.get $length)))

  ;; Writes the lines of rows from $row until $rows at $at, with the columns from $first until $last; which row it stopped
  ;; before, because a string of it has to be escaped. $end: past the last line that was written.
  (func (export "write") (param $row i32) (param $rows i32) (param $first i32) (param $last i32) (param $at i32) (result i32)
    (local $column i32) (local $cell i32) (local $kind i32) (local $length i32)
    (global.set $end (local.get $at))
    (block $done
      (loop $line
        (br_if $done (i32.ge_u (local.get $row) (local.get $rows)))
        (local.set $column (local.get $first))
        (loop $value
          (local.set $at (call $copy (i32.load (local.get $column)) (i32.load offset=4 (local.get $column)) (local.get $at)))
          (local.set $kind (i32.load offset=8 (local.get $column)))
          (local.set $cell (i32.add (i32.load offset=12 (local.get $column)) (i32.shl (local.get $row) (i32.const 3))))
          (if (i32.eqz (local.get $kind))
            (then (local.set $at (call $number (f64.load (local.get $cell)) (local.get $at))))
            (else
              (local.set $length (i32.load offset=4 (local.get $cell)))
              (if (i32.eq (local.get $kind) (i32.const 1))
                (then (local.set $at (call $copy (i32.load (local.get $cell)) (local.get $length) (local.get $at))))
                (else
                  (if (i32.lt_s (local.get $length) (i32.const 0))
                    (then
                      (i32.store (local.get $at) (i32.const 0x6c6c756e))
                      (local.set $at (i32.add (local.get $at) (i32.const 4))))
                    (else
                      (i32.store8 (local.get $at) (i32.const 0x22))
                      (local.set $at (call $plain (i32.load (local.get $cell)) (local.get $length) (i32.add (local.get $at) (i32.const 1))))
                      (br_if $done (i32.lt_s (local.get $at) (i32.const 0)))
                      (i32.store8 (local.get $at) (i32.const 0x22))
                      (local.set $at (i32.add (local.get $at) (i32.const 1)))))))))
          (local.set $column (i32.add (local.get $column) (i32.const 16)))
          (br_if $value (i32.lt_u (local.get $column) (local.get $last))))
        (i32.store16 (local.get $at) (i32.const 0x0a7d))
        (local.set $at (i32.add (local.get $at) (i32.const 2)))
        (global.set $end (local.get $at))
        (local.set $row (i32.add (local.get $row) (i32.const 1)))
        (br $line)))
    (local.get $row)))
