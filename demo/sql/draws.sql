-- Randomness without state: a draw depends only on the seed, a key and what is drawn,
-- so neither threads nor row order can change a row. Keys are below 2^32.
-- The mixing steps are those of the lowbias32 integer hash; md5 is folded once per query.

SET VARIABLE salt = getvariable('seed') || ':';
CREATE TEMP MACRO seeded(key, what) AS
    xor((key::UBIGINT & 4294967295) * 2654435769, md5_number_lower(getvariable('salt') || what))
    & 4294967295;
CREATE TEMP MACRO mixed_once(x) AS (xor(x, x >> 16) * 2146121005) & 4294967295;
CREATE TEMP MACRO mixed_twice(x) AS (xor(x, x >> 15) * 2221713035) & 4294967295;

-- Uniform in [0, 1).
CREATE TEMP MACRO draw(key, what) AS
    mixed_twice(mixed_once(seeded(key, what))) / 4294967296.0;

-- A whole number in 0 .. n-1.
CREATE TEMP MACRO pick(key, what, n) AS floor(draw(key, what) * n)::INTEGER;

-- Bell-shaped with mean 0 and deviation 1, never beyond 3; exact arithmetic on every machine.
CREATE TEMP MACRO bell(key, what) AS
    (draw(key, what || '/1') + draw(key, what || '/2') + draw(key, what || '/3') - 1.5) * 2;

-- Normal with real tails; rounded, because ln and cos may differ in the last bit.
CREATE TEMP MACRO gauss(key, what) AS
    round(sqrt(-2 * ln(1 - draw(key, what || '/r'))) * cos(2 * pi() * draw(key, what || '/a')), 6);

-- A letter and a number of so many digits: numbered('C', 7, 6) is C000007.
CREATE TEMP MACRO numbered(letter, number, digits) AS
    letter || substr(((10 ** digits)::BIGINT + number)::VARCHAR, 2);

-- 'P1:2 P2:1' becomes [P1, P1, P2]: a list to pick from with these weights.
CREATE TEMP MACRO weighted(text) AS
    flatten(list_transform(string_split(text, ' '), lambda part:
        list_transform(range(split_part(part, ':', 2)::BIGINT), lambda n: split_part(part, ':', 1))));
