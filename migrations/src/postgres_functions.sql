-- The functions that lowered expressions call, on PostgreSQL. Each gives what the
-- Rust function of the same name gives, does not raise, and does not depend on
-- settings of the session. The database must have the encoding UTF8.
--
-- Running this file again replaces the functions.
--
-- A function that catches an exception, or calls one that does, is PARALLEL UNSAFE:
-- up to version 16 a block with EXCEPTION fails in a parallel plan, in each process.

-- Conversions ---------------------------------------------------------------

CREATE OR REPLACE FUNCTION sb_bool_number(b boolean) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT b::integer::double precision
$$;

CREATE OR REPLACE FUNCTION sb_bool_text(b boolean) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT b::text
$$;

CREATE OR REPLACE FUNCTION sb_number(s text) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL UNSAFE AS $$
BEGIN
    IF s COLLATE "C" !~ '^[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?$' THEN
        RETURN NULL;
    END IF;
    RETURN s::double precision;
EXCEPTION WHEN numeric_value_out_of_range THEN
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION sb_number_text(x double precision) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET extra_float_digits = 1 AS $$
    SELECT CASE WHEN x = 0 THEN '0' ELSE x::text END
$$;

CREATE OR REPLACE FUNCTION sb_instant(s text) RETURNS timestamptz
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL UNSAFE AS $$
DECLARE
    part text[] := regexp_match(s COLLATE "C",
        '^([0-9]{4})-([0-9]{2})-([0-9]{2})'
        '(?:[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.]([0-9]{1,9}))?)?'
        '(?:[Zz]|([+-])([0-9]{2})(?::?([0-9]{2}))?)?)?$');
    hours integer := coalesce(part[4], '0')::integer;
    minutes integer := coalesce(part[5], '0')::integer;
    seconds integer := coalesce(part[6], '0')::integer;
    micros integer := substr(coalesce(part[7], '') || '000000', 1, 6)::integer;
    offset_hours integer := coalesce(part[9], '0')::integer;
    offset_minutes integer := coalesce(part[10], '0')::integer;
    direction integer := CASE WHEN part[8] = '-' THEN 1 ELSE -1 END;
    moment timestamp;
BEGIN
    IF part IS NULL OR hours > 23 OR minutes > 59 OR seconds > 59
        OR offset_hours > 23 OR offset_minutes > 59 OR part[1] = '0000' THEN
        RETURN NULL;
    END IF;
    moment := make_date(part[1]::integer, part[2]::integer, part[3]::integer)
        + make_interval(hours => hours, mins => minutes, secs => seconds)
        + micros * interval '1 microsecond'
        + make_interval(hours => direction * offset_hours, mins => direction * offset_minutes);
    RETURN CASE WHEN extract(year FROM moment) BETWEEN 1 AND 9999 THEN moment AT TIME ZONE 'UTC' END;
EXCEPTION WHEN datetime_field_overflow THEN
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION sb_instant_text(t timestamptz) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    moment timestamp := t AT TIME ZONE 'UTC';
    fraction text := to_char(moment, 'US');
BEGIN
    RETURN to_char(moment, 'YYYY-MM-DD"T"HH24:MI:SS')
        || CASE WHEN fraction = '000000' THEN '' ELSE '.' || fraction END
        || '+00:00';
END
$$;

-- Numbers -------------------------------------------------------------------

CREATE OR REPLACE FUNCTION sb_add(a double precision, b double precision) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL UNSAFE AS $$
BEGIN
    IF abs(a) < 8e307 AND abs(b) < 8e307 THEN
        RETURN a + b;
    END IF;
    BEGIN
        RETURN a + b;
    EXCEPTION WHEN numeric_value_out_of_range THEN
        RETURN NULL;
    END;
END
$$;

CREATE OR REPLACE FUNCTION sb_sub(a double precision, b double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL UNSAFE AS $$
    SELECT sb_add(a, -b)
$$;

CREATE OR REPLACE FUNCTION sb_mul(a double precision, b double precision) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL UNSAFE AS $$
BEGIN
    IF a = 0 OR b = 0 THEN
        RETURN 0;
    END IF;
    IF abs(a) BETWEEN 1e-150 AND 1e150 AND abs(b) BETWEEN 1e-150 AND 1e150 THEN
        RETURN a * b;
    END IF;
    BEGIN
        RETURN a * b;
    EXCEPTION WHEN numeric_value_out_of_range THEN
        -- Too small is zero, too large is nothing.
        RETURN CASE WHEN ln(abs(a)) + ln(abs(b)) < 0 THEN 0 END;
    END;
END
$$;

CREATE OR REPLACE FUNCTION sb_div(a double precision, b double precision) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL UNSAFE AS $$
BEGIN
    IF b = 0 THEN
        RETURN NULL;
    END IF;
    IF a = 0 THEN
        RETURN 0;
    END IF;
    IF abs(a) BETWEEN 1e-150 AND 1e150 AND abs(b) BETWEEN 1e-150 AND 1e150 THEN
        RETURN a / b;
    END IF;
    BEGIN
        RETURN a / b;
    EXCEPTION WHEN numeric_value_out_of_range THEN
        RETURN CASE WHEN ln(abs(a)) - ln(abs(b)) < 0 THEN 0 END;
    END;
END
$$;

CREATE OR REPLACE FUNCTION sb_mod(a double precision, b double precision) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    IF abs(trunc(a)) > 9e18 OR abs(trunc(b)) > 9e18 OR trunc(b) = 0 THEN
        RETURN NULL;
    END IF;
    RETURN trunc(a)::bigint % trunc(b)::bigint;
END
$$;

CREATE OR REPLACE FUNCTION sb_abs(x double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT abs(x)
$$;

CREATE OR REPLACE FUNCTION sb_ceil(x double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT ceil(x)
$$;

CREATE OR REPLACE FUNCTION sb_floor(x double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT floor(x)
$$;

-- The conversion to numeric keeps 15 significant digits.
CREATE OR REPLACE FUNCTION sb_round(x double precision, digits double precision)
RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL UNSAFE AS $$
BEGIN
    -- The result is converted here, where an exception is still caught.
    RETURN round(x::numeric, trunc(greatest(-300, least(300, digits)))::integer)::double precision;
EXCEPTION WHEN numeric_value_out_of_range THEN
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION sb_round(x double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL UNSAFE AS $$
    SELECT sb_round(x, 0)
$$;

-- The double nearest to an exact sum, as Rust rounds it; infinite when none is near.
-- A cast alone would raise beyond the range of doubles, and below it.
CREATE OR REPLACE FUNCTION sb_double(x numeric) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE
        WHEN abs(x) >= 1.797693134862315807e308 THEN sign(x)::double precision * 'Infinity'::double precision
        WHEN abs(x) <= 2.4703282292062327e-324 THEN 0
        ELSE x::double precision
    END
$$;

-- Text ----------------------------------------------------------------------

-- A pattern of more than 1000 characters matches nothing. One expression of strict operators, which
-- PostgreSQL takes in place of the call.
CREATE OR REPLACE FUNCTION sb_like(s text, pattern text) RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT (lower(s COLLATE "C") LIKE lower(left(pattern, 1001) COLLATE "C") ESCAPE '')
        > (char_length(pattern) > 1000)
$$;

-- Not STRICT: else PostgreSQL would not take the expression in place of the call.
CREATE OR REPLACE FUNCTION sb_concat(a text, b text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN octet_length(a) + octet_length(b) <= 1000000 THEN a || b END
$$;

CREATE OR REPLACE FUNCTION sb_length(s text) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT char_length(s)::double precision
$$;

CREATE OR REPLACE FUNCTION sb_lower(s text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT lower(s COLLATE "und-x-icu")
$$;

CREATE OR REPLACE FUNCTION sb_upper(s text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT upper(s COLLATE "und-x-icu")
$$;

CREATE OR REPLACE FUNCTION sb_trim(s text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT btrim(s, ' ')
$$;

CREATE OR REPLACE FUNCTION sb_substring(s text, start double precision) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT substr(s, trunc(greatest(-1e9, least(1e9, start)))::integer)
$$;

CREATE OR REPLACE FUNCTION sb_substring(s text, start double precision, count double precision)
RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT substr(s, trunc(greatest(-1e9, least(1e9, start)))::integer,
        trunc(greatest(0, least(1e9, count)))::integer)
$$;

-- Times ---------------------------------------------------------------------

CREATE OR REPLACE FUNCTION sb_unit_micros(unit text) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE unit
        WHEN 'seconds' THEN 1e6
        WHEN 'minutes' THEN 6e7
        WHEN 'hours' THEN 3.6e9
        WHEN 'days' THEN 8.64e10
        WHEN 'months' THEN 2.592e12
        WHEN 'years' THEN 3.1536e13
    END::double precision
$$;

CREATE OR REPLACE FUNCTION sb_date_diff(a timestamptz, b timestamptz, unit text)
RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT (extract(epoch FROM a - b) * 1000000)::bigint::double precision / sb_unit_micros(unit)
$$;

CREATE OR REPLACE FUNCTION sb_date_add(t timestamptz, n double precision, unit text)
RETURNS timestamptz
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL UNSAFE AS $$
DECLARE
    moment timestamp := t AT TIME ZONE 'UTC';
    micros bigint;
BEGIN
    IF abs(n) > 1e12 THEN
        RETURN NULL;
    END IF;
    IF unit IN ('months', 'years') THEN
        IF abs(n) > 200000 THEN
            RETURN NULL;
        END IF;
        moment := moment
            + make_interval(months => trunc(n)::integer * CASE unit WHEN 'years' THEN 12 ELSE 1 END);
    ELSE
        IF abs(n * sb_unit_micros(unit)) > 1e18 THEN
            RETURN NULL;
        END IF;
        micros := trunc(n * sb_unit_micros(unit))::bigint;
        -- Whole seconds and the rest apart: intervals take doubles.
        moment := moment + make_interval(secs => (micros / 1000000)::double precision)
            + (micros % 1000000)::integer * interval '1 microsecond';
    END IF;
    RETURN CASE WHEN extract(year FROM moment) BETWEEN 1 AND 9999 THEN moment AT TIME ZONE 'UTC' END;
EXCEPTION WHEN datetime_field_overflow THEN
    RETURN NULL;
END
$$;

-- The truth of what a stored macro's query answers.
CREATE OR REPLACE FUNCTION sb_truth(answer anyelement)
RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN pg_typeof(answer) IN ('smallint'::regtype, 'integer'::regtype, 'bigint'::regtype,
            'real'::regtype, 'double precision'::regtype, 'numeric'::regtype)
            THEN answer::text::numeric <> 0
        ELSE answer::text NOT IN ('', 'false', '0')
    END
$$;

-- Full-text search ------------------------------------------------------------

-- How much words are about a term. Nothing is about no text. One expression, which PostgreSQL
-- takes in place of the call.
CREATE OR REPLACE FUNCTION sb_relevance(words text, needle text) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(1.0::double precision - (1.0::double precision + octet_length(words) / 1000.0::double precision)
        / (((octet_length(words) - octet_length(replace(words, needle, ''))) / octet_length(needle))::double precision
            + (1.0::double precision + octet_length(words) / 1000.0::double precision)), 0.0::double precision)
$$;

-- The words of a text, of which each stands between blanks.
CREATE OR REPLACE FUNCTION sb_word_vector(words text) RETURNS tsvector
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT array_to_tsvector(array_remove(string_to_array(words, ' '), ''))
$$;

-- JSON -----------------------------------------------------------------------

-- The text that equal values share: keys in the order of their bytes, numbers without zeros that
-- say nothing. It stands in unique indexes, which are kept up under other search paths, too.
CREATE OR REPLACE FUNCTION sb_json(tree jsonb) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path FROM CURRENT AS $$
BEGIN
    CASE jsonb_typeof(tree)
        WHEN 'object' THEN
            RETURN '{' || coalesce((SELECT string_agg(to_json(key)::text || ':' || sb_json(value), ','
                ORDER BY key COLLATE "C") FROM jsonb_each(tree)), '') || '}';
        WHEN 'array' THEN
            RETURN '[' || coalesce((SELECT string_agg(sb_json(value), ',' ORDER BY place)
                FROM jsonb_array_elements(tree) WITH ORDINALITY AS item (value, place)), '') || ']';
        WHEN 'number' THEN
            RETURN trim_scale((tree #>> '{}')::numeric)::text;
        ELSE
            RETURN tree::text;
    END CASE;
END
$$;
