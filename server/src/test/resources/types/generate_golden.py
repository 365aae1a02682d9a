#!/usr/bin/env python3
"""Writes the golden files in this directory from a PostgreSQL 15 server (PGHOST, PGPORT, PGUSER, PGDATABASE).

text.tsv     settings, type, input, output or error, binary form in hex
compare.tsv  type, a, b, sign of the btree comparison
numeric.tsv  expression name, arguments, result or error
datetime.tsv expression name, arguments, result or error

An error is '!SQLSTATE message|detail'. Fields use COPY's escapes. Random inputs come from a fixed seed.
"""
import os, random, subprocess

here = os.path.dirname(os.path.abspath(__file__))
rnd = random.Random(20260115)

SETUP = r"""
set client_min_messages = error;
create or replace function pg_temp.attempt(q text) returns text language plpgsql as $$
declare r text; d text;
begin
  execute q into r;
  return coalesce(r, '<NULL>');
exception when others then
  get stacked diagnostics d = pg_exception_detail;
  return '!' || sqlstate || ' ' || sqlerrm || case when d <> '' then '|' || d else '' end;
end $$;
"""

def lit(s):
    return "E'" + s.replace('\\', '\\\\').replace("'", "''").replace('\n', '\\n').replace('\t', '\\t') + "'"

def run(sql, out):
    p = subprocess.run(['psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-c', '', '-f', '-'],
                       input=sql, text=True, capture_output=True)
    if p.returncode != 0:
        raise SystemExit(p.stderr)
    with open(os.path.join(here, out), 'w') as f:
        f.write(p.stdout)

def emit(columns):
    return 'copy (select ' + ', '.join(columns) + ') to stdout;\n'

# ---- text.tsv
ints = ['0', '1', '-1', ' 42 ', '+7', '32767', '32768', '-32768', '-32769', '2147483647', '2147483648', '-2147483648',
        '-2147483649', '9223372036854775807', '9223372036854775808', '-9223372036854775808', '-9223372036854775809',
        '', ' ', 'x', '1x', '1 2', '--1', '1.5', '99999999999999999999x', '0x10', '007', '\n5\t']
floats = ['0', '-0', '1', '1.5', '0.1', '1e15', '1e14', '123456789012345', '1234567890123456', '1e-4', '1e-5', '0.0001234',
          '1e20', '1.7976931348623157e308', '1e400', '1e-400', '4.9e-324', '2e-323', '9.9e-324', 'NaN', 'inf', '-Infinity', 'infinit',
          '1e6', '100000', '999999', '1234567', '3.4028235e38', '1e39', '1e-46', '1.1754944e-38', '1.17549435e-38', '0.3',
          '16777217', ' 2.5 ', '1e', 'e5', '.5', '5.', '.', '1d', '0x1p3', '', '1e23', '9007199254740993', '33554432.5', '1.0e+10', '2.5e-10']
nums = ['0', '-0', '1.50', '1e5', '1.5e-3', '123456789012345678901234567890.123456789', 'NaN', 'nan', 'inf', '-inf', 'Infinity', '1e-20',
        '.5', '5.', '.', '-.5e1', '1e', '1 2', ' 1.0 ', 'x', '', '999999999999999999', '9223372036854775808', '-9223372036854775808',
        '0.000', '00012.340', '1e131072', '1e-16384', '+5', '1_000', '0x1f', '1.2.3', '12345.678e2', '12345.678e-2', '1e+3', '10000', '100000000.00010000']
dates = ['1999-01-08', 'January 8, 1999', '1/8/1999', '1/18/1999', '01/02/03', '1999-Jan-08', 'Jan-08-1999', '08-Jan-1999', '99-Jan-08',
         '08-Jan-99', 'Jan-08-99', '19990108', '990108', '1999.008', 'J2451187', 'January 8, 99 BC', 'today', 'epoch', 'infinity', '-infinity', '2000-02-30',
         '2000-13-01', '1900-02-29', '2000-02-29', '0000-01-01', '5874897-12-31', '5874898-01-01', '4714-11-24 BC', '4714-11-23 BC', '1999-01-08 04:05:06',
         '', 'garbage', '1999', '1999-01', '1999 January 8', '8 January 1999', 'Fri Jan 08 1999', '1999-1-8', '12-31-1999', '31-12-1999', '31/12/1999', '1999/12/31', '31.12.1999',
         '1999 12 31', '1999-008', '99 01 08', '2001-02-03 BC', 'now x', '1999-01-08x', '10000-01-01', 'Monday', '32 Jan 1999', 'Jan 32 1999', '99999999', '20011225 BC', '1999-01-08 BC AD']
times = ['04:05:06.789', '04:05:06', '04:05', '040506', '0405', '040506.789', '04:05 AM', '04:05 PM', '12:00 AM', '12:30 PM', '13:00 PM', '04:05:06.789-8', '04:05:06-08:00',
         '04:05-08:00', '040506-08', '24:00:00', '24:00:01', '25:00', '23:59:60', '23:59:60.5', '12:60', '04:05:06 PST', 'allballs', '2003-04-12 04:05:06 America/New_York', '04:05:06 America/New_York', 'T04:05:06',
         '', 'x', '23:59:59.9999999', '1:2:3', '04:05.5', '04:05:06 2003-04-12', '10:20:30 zulu', '04:05:06+05:30', '15', '04:05:06+16', '04:05:06.1234567', '4pm', '04 pm', '2003-04-12', 'noon', '1:2:3:4', '04:05:06 UTC']
stamps = ['1999-01-08 04:05:06', '1999-01-08 04:05:06 -8:00', 'January 8 04:05:06 1999 PST', '1999-01-08T04:05:06Z', '1999-01-08T04:05:06.789+02', '19990108T040506', '19990108 040506',
          '1999-01-08 04:05:06.123456789', 'epoch', 'infinity', '-infinity', '1999-01-08 24:00:00', '1999-01-08 23:59:60', '2024-03-10 02:30:00', '2024-11-03 01:30:00', '2024-11-03 01:30:00 EST', '2024-11-03 01:30:00 EDT',
          '2024-07-01 12:00 America/New_York', '2024-07-01 12:00 Europe/Berlin', '2024-07-01 12:00 foo/bar', '2024-07-01 12:00 foo', '294276-12-31 23:59:59.999999', '294277-01-01', '4714-11-24 00:00:00 BC', '4714-11-23 23:59:59 BC',
          '1999-01-08 04:05:06 BC', 'Fri Jan 08 04:05:06 1999', 'Fri Jan 08 04:05:06 1999 EST', '08/01/1999 04:05:06', '1/8/1999 4:5', '1999-01-08 04:05:06 PM', '1999-01-08 4 PM', '', 'now x', '1999-13-08 04:05:06', '1999-01-32 04:05:06',
          'J2451187.5', '2451187', '20240101123456', '2024-01-01 12:34:56.', '2024-01-01 12:34:56.5 +5:30', '2024-01-01 12:34:56+0530', '2024-01-01 12:34:56+053015', '2024-01-01 12:34:56+05:30:15', '2024-01-01 12:34:56+25', '0001-01-01 00:00:00', '1850-06-01 12:00', '2024-01-01 allballs', '2024-01-01 at 12:00', '2024-01-01 12:00 MSK', '2024-01-01 12:00 UTC+3', '2024-01-01 12:00 EST5EDT', '2024-366', '2023.365', '2024-01-01 12', '2024-1-1 1:1:1', '1999-01-08  04:05:06', '1999-01-08 04:05:06 dst', '99-01-08 00:00', '2038-01-19 03:14:07+00', '1969-12-31 23:59:59.999999']
ivs = ['1 day', '1 day 2 days', '1 year 2 months 3 days 04:05:06.789', '@ 1 year 2 mons -3 days 4 hours 5 mins 6.7 secs ago', '-1-2 +3 -4:05:06', '1-2', '1 2:03', '1 2:03:04', '1.5', '10:20', '10:20.5', '10:20:30.5', '1.5 years', '1.55 months', '1.05 weeks', '0.5 day', '1.5 hours',
       'P1Y2M3DT4H5M6.7S', 'P0001-02-03T04:05:06', 'P1W', 'PT0.5H', 'P1.5Y', 'P', 'PT', 'P1', 'P-1Y', 'P1Y-2M', 'PT-5M', 'P20240102T030405', '1e3 s', 'infinity', '99999999999 years', '3000000000 months', '', '1 2 3 days', '1 hour ago', '1 ago', 'ago', '+5:00', '- 5 h', '-5:00', '0.0000005 s', '0.0000015 s', '1 d -5h', '1 century 1 decade 1 millennium', '100us 3ms',
       '2562047788:00:54.775807', '2562047788:00:54.775808', '-2562047788:00:54.775808', '178956970 years 7 months', '178956971 years', '2147483647 days', '2147483648 days', '1 month -30 days', '-1 months +10 days', '-1 day +02:03:04', '1 day -00:00:01', '-00:00:00.1', '1 microsecond', '1 milliseconds', '1 fortnight', '1 quarter', '1 minute 61 seconds', '1:61', '25:00', '1 mon', '-1 mons', '-1 year 1 mon', '1y2mon3d4h5m6s', '1 year 1 year', '1 week 1 day', '3 4:05', '-3 4:05', '1.5 decades']
texts = ['', 'a', 'abc', 'abcd', 'abc ', 'abc  d', 'äöü', 'äöüß', '日本語', '日本語x', '\U0001F600', 'ab ', '  a']
arrs = ['{}', '{1,2,3}', '{1,NULL,3}', '{{1,2},{3,4}}', '[2:3]={1,2}', '[0:1][-1:0]={{1,2},{3,4}}', '{1,2', '1,2}', '{1,,2}', '{1,2}x', '{{1},{2,3}}', '{{1,2},3}', '{1,{2}}', '{"1","2"}', '{ 1 , 2 }', '[1:2]={1}', '[2:1]={1}', '{{}}', '{{},{}}', '{x}', '', '[1]={1}', '[3]={1,2,3}', '{{{{{{{1}}}}}}}', '{null}', '{ }', '{1 2}', '{-2147483649}', '{{1,2},{3}}', '{1,2}}', '{,}', '{1,}']
tarrs = ['{}', '{a,b}', '{"a b",c}', '{"a,b"}', '{"a\\"b"}', '{"a\\\\b"}', '{"NULL",NULL,null}', '{""}', '{a"b}', '{"a"b}', '{a\\,b}', '{ a  b , c }', '{"{}"}', '{äö,日}', '{"\t"}', '{a\\ }']
jsons = ['1', '-0', '1.10', '1e5', '1E-2', '"a"', 'null', 'true', '{}', '[]', '{"b":1,"a":2,"aa":3,"b":4}', '[1, 2,3 ]', '{"a":{"b":[1,{"c":null}]}}', '"\\u00e4\\n\\t\\"\\\\\\/\\b\\f"', '"\\ud83d\\ude00"', '"\\ud83d"', '"\\ude00"', '"\\u0000"',
         '{', '{"a"}', '{"a":}', '{"a":1,}', '[1,]', '[1 2]', '{1:2}', 'tru', '01', '1.', '-', '"abc', '"a\tb"', '"\\x"', '"\\u12"', '', '  ', '1 2', '{"a":1} x', '[', ']', ',', '+1', 'nul', '.5', '{"a" 1}', '{"a":1 "b":2}', '"\\ud83dx"', '"\\ud83d\\ud83d"', '{"é":1,"z":2,"zz":3}', '[1.0,1.00,100000000000000000000000000000000]', '{"a": "x\\u0001y"}', 'äb', '{"k":tru}', '[1,\n2,\nx]', '{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa": x, "b":1}']
bools = ['t', 'true', 'TRUE', 'tru', 'f', 'fal', 'yes', 'y', 'no', 'n', 'on', 'off', 'of', 'o', '1', '0', '10', '', ' t ', 'x', 'truex', 'yess']
byteas = ['', '\\x', '\\x00ff', '\\xABCD', '\\x0', '\\xzz', '\\x 01 02', 'abc', 'a\\000b', 'a\\\\b', 'a\\b', '\\377', '\\400', 'ä']
uuids = ['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}', 'A0EEBC999C0B4EF8BB6D6BB9BD380A11', 'a0ee-bc99-9c0b-4ef8-bb6d-6bb9-bd38-0a11', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1', 'x', '{a0eebc999c0b4ef8bb6d6bb9bd380a11', 'a0eebc99--9c0b4ef8bb6d6bb9bd380a11']
inets = ['192.168.1.5', '192.168.1.5/24', '192.168.0.0/16', '10.0.0.0/8', '10', '10.1', '10/8', '::1', '::', '2001:db8::1/64', '2001:4f8:3:ba::/64', '::ffff:1.2.3.4', '::1.2.3.4', '1.2.3', '1.2.3.256', '1.2.3.4/33', 'x', '2001:4f8:3:ba:2e0:81ff:fe22:d1f1', '1:0:0:2:0:0:0:3', '192.168.1', '128.1', '::/0', '0.0.0.0/0', '1:2:3:4:5:6:7', 'fe80::1%eth0', '1.2.3.4/']
macs = ['08:00:2b:01:02:03', '08-00-2b-01-02-03', '08002b:010203', '08002b-010203', '0800.2b01.0203', '0800-2b01-0203', '08002b010203', 'x', '8:0:2b:1:2:3', '08:00:2b:01:02:03:04:05', '08:00:2b:01:02']
bits = ['', '0', '1', '101', 'b101', 'x1F', '102', '10101010101', 'xg', 'B1 ']
moneys = ['1', '-1', '$1,234.56', '1234.567', '($5.00)', '-$5', 'x', '', '92233720368547758.07', '92233720368547758.08', '0.005', '12,34']
ranges = ['[1,5)', '(1,5]', '[,5]', '(,)', 'empty', ' EMPTY ', ' [1 , 5 ) ', '[1,1)', '[1,1]', '(1,2)', '[5,1)', '[1,5', '1,5)', '[1;5)', '[1,5)x', '[1,5,6)', 'emptyx', '[x,5)', '', '[1,2147483647]', '["1","")', '[', '[1']
oids = ['0', '1', '4294967295', '4294967296', '-1', 'x', '', ' 5 ', '-2147483649']

base = [('smallint', ints), ('integer', ints), ('bigint', ints), ('oid', oids), ('real', floats), ('double precision', floats), ('numeric', nums), ('numeric(5,2)', nums + ['999.994', '999.995', '-999.995', '0.005']),
        ('numeric(3,-2)', ['12345', '99949', '99950', '50', '49']), ('numeric(2,4)', ['0.0099', '0.01', '0.00994', '0.00996']), ('numeric(3,3)', ['0.9994', '0.9995']), ('boolean', bools),
        ('text', texts), ('varchar(3)', texts), ('char(3)', texts), ('varchar', texts), ('bytea', byteas), ('uuid', uuids), ('name', ['a', 'x' * 70, 'ä' * 40]), ('"char"', ['a', 'ab', '', '\\201', 'ä']),
        ('date', dates), ('time', times), ('timetz', times), ('time(2)', times[:3] + ['23:59:59.999']), ('timetz(1)', ['04:05:06.78+02']), ('timestamp', stamps), ('timestamptz', stamps), ('timestamp(0)', ['1999-01-08 04:05:06.5', '1999-01-08 04:05:06.499999', '1969-01-01 00:00:00.5', 'infinity']), ('timestamptz(3)', ['1999-01-08 04:05:06.7894', '1999-01-08 04:05:06.7895+00']),
        ('interval', ivs), ('interval year', ['1', '1 year 2 mons', '1-2', '5 days']), ('interval day to second(2)', ['1 2:03:04.567', '5', '1 year 2:03']), ('interval minute to second', ['10:20', '1:10:20', '5']), ('interval hour', ['5', '1 day 2:30', '2:30']), ('interval(1)', ['1.25 s', '1.26 s', '-1.25 s']), ('interval year to month', ['3', '1-2', '3 years 4 days']), ('interval day', ['5', '5.5', '1 2:00']), ('interval month', ['5']), ('interval second(0)', ['1.5', '2.5']),
        ('integer[]', arrs), ('text[]', tarrs), ('numeric[]', ['{1.0,NULL,2.50}']), ('timestamp[]', ['{2024-01-01 10:00:00,infinity}']), ('varchar(2)[]', ['{ab,abc}', '{ab ,a}']), ('boolean[]', ['{t,f,NULL}']), ('date[]', ['{2024-01-01}']), ('box[]', []), ('int2vector', ['1 2 3', '', '1 x']), ('oidvector', ['1 2', '']), ('bytea[]', ['{"\\\\x01",NULL}']),
        ('json', jsons), ('jsonb', jsons), ('jsonb[]', ['{"{\\"a\\": 1}",null}']), ('inet', inets), ('cidr', inets), ('macaddr', macs), ('macaddr8', macs), ('bit(3)', bits), ('varbit(3)', bits), ('varbit', bits), ('bit', ['1', '10']), ('money', moneys),
        ('tid', ['(0,1)', '(4294967295,65535)', '(1,65536)', 'x', '(1,2', '( 1 , 2 )']), ('pg_lsn', ['0/0', '16/B374D848', 'FFFFFFFF/FFFFFFFF', '1/2/3', 'x', '123456789/0', '0/', 'ab/cd']), ('xid8', ['18446744073709551615', '5']), ('xid', ['5', 'x', '0x10', '-1', '010']), ('cid', ['7']), ('int4range', ranges), ('daterange', ['[2024-01-01,2024-01-05]', '[infinity,)', '[,infinity]', '(,infinity)']), ('numrange', ['[1.5,2)', '(1.5,)', '[1.0,1]', '[1,1)']), ('tsrange', ['["2024-01-01 10:00",2024-01-02)', '["2024-01-01 10:00\\",)']), ('int8range', ['(1,9223372036854775806]', '(1,9223372036854775807]']), ('int4range[]', ['{"[1,5)",NULL}']),
        ('void', ['x'])]
sets = [('ISO,MDY', 'postgres', 'UTC', 1, 'hex', base)]
dt = [('date', dates), ('timestamp', stamps), ('timestamptz', stamps), ('timetz', times)]
for style in ('ISO,DMY', 'ISO,YMD', 'SQL,MDY', 'SQL,DMY', 'Postgres,MDY', 'Postgres,DMY', 'German,DMY'):
    sets.append((style, 'postgres', 'America/New_York', 1, 'hex', dt))
sets.append(('ISO,MDY', 'postgres', 'Asia/Kolkata', 1, 'hex', [('timestamptz', stamps[:20])]))
sets.append(('Postgres,MDY', 'postgres', 'America/Sao_Paulo', 1, 'hex', [('timestamptz', stamps[:3])]))
sets.append(('Postgres,MDY', 'postgres', '<+05:30>-05:30', 1, 'hex', [('timestamptz', stamps[:3])]))
sets.append(('Postgres,MDY', 'postgres', 'FOO3', 1, 'hex', [('timestamptz', stamps[:3])]))
for style in ('postgres_verbose', 'sql_standard', 'iso_8601'):
    sets.append(('ISO,MDY', style, 'UTC', 1, 'hex', [('interval', ivs)]))
for efd in (0, -5, 3):
    sets.append(('ISO,MDY', 'postgres', 'UTC', efd, 'hex', [('real', floats), ('double precision', floats)]))
sets.append(('ISO,MDY', 'postgres', 'UTC', 1, 'escape', [('bytea', byteas)]))

def send(type_name):
    b = type_name
    return f"(select typsend::regproc::text from pg_type where oid = '{b}'::regtype)" if b not in ('void',) else "'void_send'"

sql = SETUP
for ds, ist, tz, efd, bo, groups in sets:
    sql += f"set datestyle='{ds}'; set intervalstyle='{ist}'; set timezone='{tz}'; set extra_float_digits={efd}; set bytea_output='{bo}';\n"
    for t, inputs in groups:
        for s in inputs:
            if 'today' in s:
                continue
            cast = lit(s)
            q = f"select format('%s', {cast}::{t})"
            h = f"select encode(%s({cast.replace('%', '%%')}::{t}), 'hex')"
            cols = [lit('|'.join([ds, ist, tz, str(efd), bo])), lit(t), lit(s), f"pg_temp.attempt({lit(q)})",
                    f"regexp_replace(pg_temp.attempt(format({lit(h)}, {send(t)})), '^!.*', '!')"]
            sql += emit(cols)
            if '(' in t and not t.startswith('interval'):
                sql += f"create temp table if not exists assigned (c {t});\n" if s == inputs[0] else ''
                ins = f"insert into pg_temp.assigned values ({cast}) returning format('%s', c)"
                sql += emit([cols[0], lit(t + '!'), lit(s), f"pg_temp.attempt({lit(ins)})", "'!'"])
        sql += "drop table if exists pg_temp.assigned;\n"
run(sql, 'text.tsv')

# ---- compare.tsv
def rnum():
    k = rnd.random()
    if k < .05: return rnd.choice(['NaN', 'Infinity', '-Infinity', '0', '0.000'])
    s = str(rnd.randrange(10 ** rnd.randrange(1, rnd.choice([5, 10, 20, 40]))))
    p = rnd.randrange(0, len(s) + 1)
    return rnd.choice(['', '-']) + (s[:p] or '0') + ('.' + s[p:] + '0' * rnd.randrange(3) if p < len(s) else '')
groups = {
    'integer': ['-5', '0', '7', '2147483647', '-2147483648'], 'real': ['-0', '0', 'NaN', 'Infinity', '-Infinity', '1.5', '-1e-40'], 'double precision': ['-0', '0', 'NaN', 'Infinity', '-Infinity', '1.5', '-1.5', '1e300', '5e-324'],
    'numeric': [rnum() for _ in range(34)] + ['1.0', '1.00', '1', '10', '100', '0.1', '0.01', '1e-50', '-1e-50', '1e120', '1e-120', '-1e120', '99999999999999999999', '1e200', '2e200'],
    'text collate "C"': ['', 'a', 'ab', 'b', 'A', 'a b', 'ä', '日', '\ue000', '\U0001F600', 'a\x01'], 'char(5)': ['a', 'a ', 'ab', 'a\x1f', ''], 'bytea': ['', '\\x00', '\\x0000', '\\x00ff', '\\x01', '\\xff', '\\x0001'],
    'interval': ['1 mon', '30 days', '29 days 24:00', '720:00', '1 mon -1 day', '0', '-1 day', '-24:00', '1 year', '360 days', '365 days', '178000000 years', '-178000000 years', '00:00:00.000001'],
    'timetz': ['00:00+00', '01:00+01', '02:00+02', '00:00-01', '23:59+00', '24:00+00'], 'uuid': ['00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff', '80000000-0000-0000-0000-000000000000', '7fffffff-ffff-ffff-ffff-ffffffffffff'],
    'date': ['infinity', '-infinity', '2000-01-01', '1999-12-31'], 'timestamp': ['infinity', '-infinity', '2000-01-01', '1999-12-31 23:59:59.999999'], 'boolean': ['t', 'f'], 'oid': ['0', '4294967295', '5'],
    'integer[]': ['{}', '{1}', '{1,2}', '{1,NULL}', '{NULL}', '{2}', '{{1,2}}', '[2:3]={1,2}', '{{1},{2}}', '{1,2,3}', '[0:1]={1,2}'], 'text[]': ['{}', '{""}', '{a}', '{a,b}', '{ab}', '{NULL}', '{a,NULL}'],
    'jsonb': ['null', '[]', '{}', '1', '1.0', '2', '-1', '"a"', '"b"', '"ab"', 'true', 'false', '[1]', '[1,2]', '[null]', '["a"]', '[[]]', '[{}]', '[2]', '{"a":1}', '{"a":2}', '{"b":0}', '{"aa":1}', '{"a":1,"b":2}', '{"aa":1,"b":0}', '{"a":[]}', '{"a":null}', '[true]', '["",[]]', '[[1]]', '[[],1]'],
    'int4range': ['empty', '[1,5)', '[1,6)', '[2,3)', '(,5)', '[1,)', '(,)', '[1,5]'], 'numrange': ['[1,2)', '[1,2]', '(1,2)', '(1,2]', 'empty', '[1.0,2.0)', '(,1)', '(,1]', '[1,)', '(1,)'],
    'inet': ['1.2.3.4', '1.2.3.4/24', '1.2.3.0/24', '1.2.4.0/24', '1.2.0.0/16', '10.0.0.0/8', '::1', '::/0', '0.0.0.0/0', '1.2.3.5', '1.2.3.4/25'], 'varbit': ['', '0', '1', '00', '01', '10', '11', '000000000', '0000000010', '1000000001'],
    'macaddr': ['08:00:2b:01:02:03', 'ff:00:2b:01:02:03', '08:00:2b:01:02:04'], 'pg_lsn': ['0/0', 'FFFFFFFF/0', '7FFFFFFF/0'], 'tid': ['(0,1)', '(1,0)', '(4294967295,1)'], '"char"': ['a', '', '\\377', 'b'], 'money': ['-1', '0', '1.5'], 'time': ['00:00', '24:00', '12:00'], 'name': ['a', 'b', 'ab'], 'bigint': ['-9223372036854775808', '0', '9223372036854775807'], 'smallint': ['-5', '5', '0'],
}
sql = SETUP
for t, values in groups.items():
    vals = ', '.join(f'({lit(v)}::text)' for v in values)
    tt = t.split(' collate')[0]
    sql += f"copy (select {lit(tt)}, a.v, b.v, case when a.v::{t} < b.v::{t} then -1 when a.v::{t} > b.v::{t} then 1 else 0 end from (values {vals}) a(v), (values {vals}) b(v)) to stdout;\n"
run(sql, 'compare.tsv')

# ---- numeric.tsv
sql = SETUP
def num(expr, name, *args):
    global sql
    q = expr
    for i, a in enumerate(args):
        q = q.replace(f'${i + 1}', f"('{a}'::numeric)")
    sql += emit([lit(name), lit(' '.join(args)), f"pg_temp.attempt({lit('select (' + q + ')::text')})"])
special = ['NaN', 'Infinity', '-Infinity', '0', '1', '-1', '2', '0.5', '-2.5', '0.00']
for a in special:
    for b in special:
        for name, e in (('add', '$1+$2'), ('sub', '$1-$2'), ('mul', '$1*$2'), ('div', '$1/$2'), ('mod', '$1%$2'), ('idiv', 'div($1,$2)'), ('power', 'power($1,$2)'), ('log', 'log($1,$2)')):
            num(e, name, a, b)
    for name in ('sqrt', 'exp', 'ln', 'ceil', 'floor', 'sign', 'abs', 'trunc', 'round'):
        num(f'{name}($1)', name, a)
for _ in range(60):
    a, b = rnum(), rnum()
    for name, e in (('add', '$1+$2'), ('sub', '$1-$2'), ('mul', '$1*$2'), ('div', '$1/$2'), ('mod', '$1%$2'), ('idiv', 'div($1,$2)')):
        num(e, name, a, b)
def small(): return rnd.choice(['', '', '-']) + f'{rnd.random() * 10 ** rnd.randrange(-6, 6):.{rnd.randrange(12)}f}'
def pos(): return small().lstrip('-')
for _ in range(45):
    num('sqrt($1)', 'sqrt', rnd.choice([rnum, pos])())
    num('exp($1)', 'exp', f'{rnd.uniform(-60, 60):.{rnd.randrange(10)}f}')
    num('ln($1)', 'ln', rnd.choice([rnum, pos, lambda: f'{rnd.uniform(.9, 1.1):.8f}'])())
    num('log($1)', 'log10', pos())
    num('log($1,$2)', 'log', pos(), pos())
    num('power($1,$2)', 'power', f'{rnd.uniform(0, 20):.{rnd.randrange(6)}f}', f'{rnd.uniform(-20, 20):.{rnd.randrange(4)}f}')
    num('power($1,$2)', 'power', small(), str(rnd.randrange(-8, 9)))
    n = rnum()
    for name in ('ceil', 'floor', 'trunc', 'round'):
        num(f'{name}($1)', name, n)
    d = rnd.randrange(-6, 12)
    sql += emit([lit('roundto'), lit(f'{n} {d}'), f"pg_temp.attempt({lit(f'select round({chr(39)}{n}{chr(39)}::numeric, {d})::text')})"])
    sql += emit([lit('truncto'), lit(f'{n} {d}'), f"pg_temp.attempt({lit(f'select trunc({chr(39)}{n}{chr(39)}::numeric, {d})::text')})"])
    num('$1::bigint', 'int8', n)
    num('$1::integer', 'int4', n)
    num('$1::float8', 'float8', n)
for v in ('0.1', '1e20', '123456789.123456789', '1e-10', '1e300', '0.30000000000000004', '1e15', '123456789012345678', 'NaN', 'inf', '-0', '5e-324'):
    sql += emit([lit('fromdouble'), lit(v), f"pg_temp.attempt({lit(f'select ({chr(39)}{v}{chr(39)}::float8::numeric)::text')})"])
    if v not in ('1e300', '5e-324'):
        sql += emit([lit('fromfloat'), lit(v), f"pg_temp.attempt({lit(f'select ({chr(39)}{v}{chr(39)}::float4::numeric)::text')})"])
run(sql, 'numeric.tsv')

# ---- datetime.tsv
sql = SETUP + "set timezone='America/New_York';\n"
def dtq(name, expr, *args):
    global sql
    q = expr
    for i, a in enumerate(args):
        q = q.replace(f'${i + 1}', "'" + a + "'")
    cols = [lit(name), lit('\t'.join(args)).replace('\\t', '|'), f"pg_temp.attempt({lit('select (' + q + ')::text')})"]
    sql += emit(cols)
fields = ['microseconds', 'milliseconds', 'second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year', 'decade', 'century', 'millennium', 'epoch', 'julian', 'isoyear', 'dow', 'isodow', 'doy', 'timezone', 'timezone_hour', 'timezone_minute', 'bogus']
tss = ['2024-02-29 13:14:15.678901', '2000-01-01 00:00:00', '1999-12-31 23:59:59.999999', '0044-03-15 12:00:00 BC', 'infinity', '-infinity', '2021-01-03 01:02:03', '2020-12-31 00:00:00', '0001-01-01 00:00:00', '1900-06-15 00:00:00', '2024-11-03 01:30:00']
ivals = ['1 year 2 mons 3 days 04:05:06.789', '-1 year -2 mons -3 days -04:05:06.789', '30 days', '1 mon -1 day', '25:00:00', '-25:00:00', '1 mon 40 days 30:00', '-1 mon 40 days', '123 years', '0', '1 day -25:00', '35 days -1:00', '5 years 11 mons', '1 mon', '0.000001 s']
for f in fields:
    for t in tss:
        dtq('extract_timestamp', f'extract({f} from $2::timestamp)', f, t)
        dtq('extract_timestamptz', f'extract({f} from $2::timestamptz)', f, t)
        dtq('trunc_timestamp', 'date_trunc($1, $2::timestamp)', f, t)
        dtq('trunc_timestamptz', 'date_trunc($1, $2::timestamptz)', f, t)
    for t in ('2024-02-29', 'infinity', '0044-03-15 BC', '2021-01-03'):
        dtq('extract_date', f'extract({f} from $2::date)', f, t)
    for t in ('13:14:15.678901', '24:00:00'):
        dtq('extract_time', f'extract({f} from $2::time)', f, t)
    for t in ('13:14:15.678901+05:30', '01:00-03'):
        dtq('extract_timetz', f'extract({f} from $2::timetz)', f, t)
    for i in ivals[:6]:
        dtq('extract_interval', f'extract({f} from $2::interval)', f, i)
        dtq('trunc_interval', 'date_trunc($1, $2::interval)', f, i)
for t in tss + ['2024-01-31 10:00', '2024-03-10 01:30:00', '294276-12-31', '2023-03-31']:
    for i in ivals:
        dtq('add_timestamp', '$1::timestamp + $2::interval', t, i)
        dtq('add_timestamptz', '$1::timestamptz + $2::interval', t, i)
    for u in tss:
        dtq('age', 'age($1::timestamp, $2::timestamp)', t, u)
        dtq('sub_timestamp', '$1::timestamp - $2::timestamp', t, u)
for _ in range(80):
    a, b = (f'{rnd.randrange(1900, 2100)}-{rnd.randrange(1, 13):02d}-{rnd.randrange(1, 29):02d} {rnd.randrange(24):02d}:{rnd.randrange(60):02d}:00' for _ in range(2))
    dtq('age', 'age($1::timestamp, $2::timestamp)', a, b)
for i in ivals:
    for name in ('justify_hours', 'justify_days', 'justify_interval'):
        dtq(name, f'{name}($1::interval)', i)
    for k in ('2', '0.5', '1.7', '-0.3', '0.1', '1e10', '0', 'NaN', '3'):
        dtq('mul_interval', '$1::interval * $2::float8', i, k)
        dtq('div_interval', '$1::interval / $2::float8', i, k)
    for j in ivals:
        dtq('add_interval', '$1::interval + $2::interval', i, j)
for a in ('2024,2,29', '2023,2,29', '0,1,1', '-44,3,15', '2024,13,1', '5874898,1,1', '294277,1,1', '5874897,12,31'):
    dtq('make_date', f'make_date({a})', a)
for a in ('1,2,3.5', '24,0,0', '24,0,1', '23,59,60', '1,60,0', '1,2,60.5', '-1,0,0', '8,15,23.0000004'):
    dtq('make_time', f'make_time({a})', a)
for a in ('2024,2,29,1,2,3.5', '294277,1,1,0,0,0', '-4714,11,24,0,0,0', '-4714,11,23,0,0,0', '2024,2,30,0,0,0', '2024,2,29,25,0,0'):
    dtq('make_timestamp', f'make_timestamp({a})', a)
for a in ('1,2,3,4,5,6,7.5', '0,0,0,0,0,0,-1.5', '0,0,0,2147483647,0,0,0'):
    dtq('make_interval', f'make_interval({a})', a)
run(sql, 'datetime.tsv')
