select '{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::json->'a'
select '{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::json->>'d'
select '{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::json->'b'->2
select '{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::json->0
select '{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::json->>1
select '{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::json->-1
select '{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::json->>2
select '{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::json#>'{b,2,c}'
select '{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::json#>>'{b,0}'
select '{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::json#>'{}'
select '{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::json#>>'{4,0}'
select '{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::json->>'k'
select json_typeof('{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::json)
select json_array_length('{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::json)
select json_strip_nulls('{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::json)
select * from json_each('{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::json)
select * from json_each_text('{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::json)
select json_object_keys('{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::json)
select json_array_elements('{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::json)
select json_array_elements_text('{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::json)
select json_extract_path('{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::json,'b','1')
select json_extract_path_text('{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::json,'b','2')
select '{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::json::text
select to_json('{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::json)
select to_jsonb('{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::json)
select '{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb->'a'
select '{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb->>'d'
select '{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb->'b'->2
select '{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb->0
select '{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb->>1
select '{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb->-1
select '{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb->>2
select '{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb#>'{b,2,c}'
select '{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb#>>'{b,0}'
select '{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb#>'{}'
select '{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb#>>'{4,0}'
select '{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb->>'k'
select jsonb_typeof('{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb)
select jsonb_array_length('{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb)
select jsonb_strip_nulls('{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb)
select * from jsonb_each('{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb)
select * from jsonb_each_text('{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb)
select jsonb_object_keys('{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb)
select jsonb_array_elements('{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb)
select jsonb_array_elements_text('{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb)
select jsonb_extract_path('{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb,'b','1')
select jsonb_extract_path_text('{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb,'b','2')
select '{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb::text
select to_json('{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb)
select to_jsonb('{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb)
select '{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb @> '{"a":1}'
select '{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb @> '[1]'
select '{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb @> '"two"'
select '{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb <@ '[1,"two",null,true,[3],5]'
select '{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb ? 'a'
select '{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb ? 'two'
select '{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb ?| array['x','b']
select '{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb ?& array['a','b']
select '{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb || '{"z":1}'
select '{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb || '[9]'
select '{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb - 'a'
select '{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb - 0
select '{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb - -1
select '{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb - array['a','b']
select '{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb #- '{b,0}'
select jsonb_set('{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb,'{a}','99')
select jsonb_set('{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb,'{b,2,c}','99')
select jsonb_set('{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb,'{b,-1}','99')
select jsonb_set('{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb,'{zz}','99',false)
select jsonb_set('{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb,'{9}','99')
select jsonb_insert('{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb,'{b,1}','99')
select jsonb_insert('{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb,'{b,1}','99',true)
select jsonb_insert('{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb,'{a}','99')
select jsonb_insert('{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb,'{0}','99')
select jsonb_pretty('{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb)
select ('{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb)::int
select ('{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb)::numeric
select ('{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb)::bool
select ('{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb)::float8
select '{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb = '12.5'
select '{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb < '[1]'
select jsonb_set_lax('{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb,'{a}',null,true,'delete_key')
DIFFERS select jsonb_hash('{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb)
select '{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb['a']
DIFFERS select ('{"a":1,"b":[1,2,{"c":null}],"d":"x\u00e9y"}'::jsonb)['b'][1]
select '[1,"two",null,true,[3]]'::json->'a'
select '[1,"two",null,true,[3]]'::json->>'d'
select '[1,"two",null,true,[3]]'::json->'b'->2
select '[1,"two",null,true,[3]]'::json->0
select '[1,"two",null,true,[3]]'::json->>1
select '[1,"two",null,true,[3]]'::json->-1
select '[1,"two",null,true,[3]]'::json->>2
select '[1,"two",null,true,[3]]'::json#>'{b,2,c}'
select '[1,"two",null,true,[3]]'::json#>>'{b,0}'
select '[1,"two",null,true,[3]]'::json#>'{}'
select '[1,"two",null,true,[3]]'::json#>>'{4,0}'
select '[1,"two",null,true,[3]]'::json->>'k'
select json_typeof('[1,"two",null,true,[3]]'::json)
select json_array_length('[1,"two",null,true,[3]]'::json)
select json_strip_nulls('[1,"two",null,true,[3]]'::json)
select * from json_each('[1,"two",null,true,[3]]'::json)
select * from json_each_text('[1,"two",null,true,[3]]'::json)
select json_object_keys('[1,"two",null,true,[3]]'::json)
select json_array_elements('[1,"two",null,true,[3]]'::json)
select json_array_elements_text('[1,"two",null,true,[3]]'::json)
select json_extract_path('[1,"two",null,true,[3]]'::json,'b','1')
select json_extract_path_text('[1,"two",null,true,[3]]'::json,'b','2')
select '[1,"two",null,true,[3]]'::json::text
select to_json('[1,"two",null,true,[3]]'::json)
select to_jsonb('[1,"two",null,true,[3]]'::json)
select '[1,"two",null,true,[3]]'::jsonb->'a'
select '[1,"two",null,true,[3]]'::jsonb->>'d'
select '[1,"two",null,true,[3]]'::jsonb->'b'->2
select '[1,"two",null,true,[3]]'::jsonb->0
select '[1,"two",null,true,[3]]'::jsonb->>1
select '[1,"two",null,true,[3]]'::jsonb->-1
select '[1,"two",null,true,[3]]'::jsonb->>2
select '[1,"two",null,true,[3]]'::jsonb#>'{b,2,c}'
select '[1,"two",null,true,[3]]'::jsonb#>>'{b,0}'
select '[1,"two",null,true,[3]]'::jsonb#>'{}'
select '[1,"two",null,true,[3]]'::jsonb#>>'{4,0}'
select '[1,"two",null,true,[3]]'::jsonb->>'k'
select jsonb_typeof('[1,"two",null,true,[3]]'::jsonb)
select jsonb_array_length('[1,"two",null,true,[3]]'::jsonb)
select jsonb_strip_nulls('[1,"two",null,true,[3]]'::jsonb)
select * from jsonb_each('[1,"two",null,true,[3]]'::jsonb)
select * from jsonb_each_text('[1,"two",null,true,[3]]'::jsonb)
select jsonb_object_keys('[1,"two",null,true,[3]]'::jsonb)
select jsonb_array_elements('[1,"two",null,true,[3]]'::jsonb)
select jsonb_array_elements_text('[1,"two",null,true,[3]]'::jsonb)
select jsonb_extract_path('[1,"two",null,true,[3]]'::jsonb,'b','1')
select jsonb_extract_path_text('[1,"two",null,true,[3]]'::jsonb,'b','2')
select '[1,"two",null,true,[3]]'::jsonb::text
select to_json('[1,"two",null,true,[3]]'::jsonb)
select to_jsonb('[1,"two",null,true,[3]]'::jsonb)
select '[1,"two",null,true,[3]]'::jsonb @> '{"a":1}'
select '[1,"two",null,true,[3]]'::jsonb @> '[1]'
select '[1,"two",null,true,[3]]'::jsonb @> '"two"'
select '[1,"two",null,true,[3]]'::jsonb <@ '[1,"two",null,true,[3],5]'
select '[1,"two",null,true,[3]]'::jsonb ? 'a'
select '[1,"two",null,true,[3]]'::jsonb ? 'two'
select '[1,"two",null,true,[3]]'::jsonb ?| array['x','b']
select '[1,"two",null,true,[3]]'::jsonb ?& array['a','b']
select '[1,"two",null,true,[3]]'::jsonb || '{"z":1}'
select '[1,"two",null,true,[3]]'::jsonb || '[9]'
select '[1,"two",null,true,[3]]'::jsonb - 'a'
select '[1,"two",null,true,[3]]'::jsonb - 0
select '[1,"two",null,true,[3]]'::jsonb - -1
select '[1,"two",null,true,[3]]'::jsonb - array['a','b']
select '[1,"two",null,true,[3]]'::jsonb #- '{b,0}'
select jsonb_set('[1,"two",null,true,[3]]'::jsonb,'{a}','99')
select jsonb_set('[1,"two",null,true,[3]]'::jsonb,'{b,2,c}','99')
select jsonb_set('[1,"two",null,true,[3]]'::jsonb,'{b,-1}','99')
select jsonb_set('[1,"two",null,true,[3]]'::jsonb,'{zz}','99',false)
select jsonb_set('[1,"two",null,true,[3]]'::jsonb,'{9}','99')
select jsonb_insert('[1,"two",null,true,[3]]'::jsonb,'{b,1}','99')
select jsonb_insert('[1,"two",null,true,[3]]'::jsonb,'{b,1}','99',true)
select jsonb_insert('[1,"two",null,true,[3]]'::jsonb,'{a}','99')
select jsonb_insert('[1,"two",null,true,[3]]'::jsonb,'{0}','99')
select jsonb_pretty('[1,"two",null,true,[3]]'::jsonb)
select ('[1,"two",null,true,[3]]'::jsonb)::int
select ('[1,"two",null,true,[3]]'::jsonb)::numeric
select ('[1,"two",null,true,[3]]'::jsonb)::bool
select ('[1,"two",null,true,[3]]'::jsonb)::float8
select '[1,"two",null,true,[3]]'::jsonb = '12.5'
select '[1,"two",null,true,[3]]'::jsonb < '[1]'
select jsonb_set_lax('[1,"two",null,true,[3]]'::jsonb,'{a}',null,true,'delete_key')
DIFFERS select jsonb_hash('[1,"two",null,true,[3]]'::jsonb)
select '[1,"two",null,true,[3]]'::jsonb['a']
DIFFERS select ('[1,"two",null,true,[3]]'::jsonb)['b'][1]
select '"str"'::json->'a'
select '"str"'::json->>'d'
select '"str"'::json->'b'->2
select '"str"'::json->0
select '"str"'::json->>1
select '"str"'::json->-1
select '"str"'::json->>2
select '"str"'::json#>'{b,2,c}'
select '"str"'::json#>>'{b,0}'
select '"str"'::json#>'{}'
select '"str"'::json#>>'{4,0}'
select '"str"'::json->>'k'
select json_typeof('"str"'::json)
select json_array_length('"str"'::json)
select json_strip_nulls('"str"'::json)
select * from json_each('"str"'::json)
select * from json_each_text('"str"'::json)
select json_object_keys('"str"'::json)
select json_array_elements('"str"'::json)
select json_array_elements_text('"str"'::json)
select json_extract_path('"str"'::json,'b','1')
select json_extract_path_text('"str"'::json,'b','2')
select '"str"'::json::text
select to_json('"str"'::json)
select to_jsonb('"str"'::json)
select '"str"'::jsonb->'a'
select '"str"'::jsonb->>'d'
select '"str"'::jsonb->'b'->2
select '"str"'::jsonb->0
select '"str"'::jsonb->>1
select '"str"'::jsonb->-1
select '"str"'::jsonb->>2
select '"str"'::jsonb#>'{b,2,c}'
select '"str"'::jsonb#>>'{b,0}'
select '"str"'::jsonb#>'{}'
select '"str"'::jsonb#>>'{4,0}'
select '"str"'::jsonb->>'k'
select jsonb_typeof('"str"'::jsonb)
select jsonb_array_length('"str"'::jsonb)
select jsonb_strip_nulls('"str"'::jsonb)
select * from jsonb_each('"str"'::jsonb)
select * from jsonb_each_text('"str"'::jsonb)
select jsonb_object_keys('"str"'::jsonb)
select jsonb_array_elements('"str"'::jsonb)
select jsonb_array_elements_text('"str"'::jsonb)
select jsonb_extract_path('"str"'::jsonb,'b','1')
select jsonb_extract_path_text('"str"'::jsonb,'b','2')
select '"str"'::jsonb::text
select to_json('"str"'::jsonb)
select to_jsonb('"str"'::jsonb)
select '"str"'::jsonb @> '{"a":1}'
select '"str"'::jsonb @> '[1]'
select '"str"'::jsonb @> '"two"'
select '"str"'::jsonb <@ '[1,"two",null,true,[3],5]'
select '"str"'::jsonb ? 'a'
select '"str"'::jsonb ? 'two'
select '"str"'::jsonb ?| array['x','b']
select '"str"'::jsonb ?& array['a','b']
select '"str"'::jsonb || '{"z":1}'
select '"str"'::jsonb || '[9]'
select '"str"'::jsonb - 'a'
select '"str"'::jsonb - 0
select '"str"'::jsonb - -1
select '"str"'::jsonb - array['a','b']
select '"str"'::jsonb #- '{b,0}'
select jsonb_set('"str"'::jsonb,'{a}','99')
select jsonb_set('"str"'::jsonb,'{b,2,c}','99')
select jsonb_set('"str"'::jsonb,'{b,-1}','99')
select jsonb_set('"str"'::jsonb,'{zz}','99',false)
select jsonb_set('"str"'::jsonb,'{9}','99')
select jsonb_insert('"str"'::jsonb,'{b,1}','99')
select jsonb_insert('"str"'::jsonb,'{b,1}','99',true)
select jsonb_insert('"str"'::jsonb,'{a}','99')
select jsonb_insert('"str"'::jsonb,'{0}','99')
select jsonb_pretty('"str"'::jsonb)
select ('"str"'::jsonb)::int
select ('"str"'::jsonb)::numeric
select ('"str"'::jsonb)::bool
select ('"str"'::jsonb)::float8
select '"str"'::jsonb = '12.5'
select '"str"'::jsonb < '[1]'
select jsonb_set_lax('"str"'::jsonb,'{a}',null,true,'delete_key')
DIFFERS select jsonb_hash('"str"'::jsonb)
select '"str"'::jsonb['a']
DIFFERS select ('"str"'::jsonb)['b'][1]
select '12.50'::json->'a'
select '12.50'::json->>'d'
select '12.50'::json->'b'->2
select '12.50'::json->0
select '12.50'::json->>1
select '12.50'::json->-1
select '12.50'::json->>2
select '12.50'::json#>'{b,2,c}'
select '12.50'::json#>>'{b,0}'
select '12.50'::json#>'{}'
select '12.50'::json#>>'{4,0}'
select '12.50'::json->>'k'
select json_typeof('12.50'::json)
select json_array_length('12.50'::json)
select json_strip_nulls('12.50'::json)
select * from json_each('12.50'::json)
select * from json_each_text('12.50'::json)
select json_object_keys('12.50'::json)
select json_array_elements('12.50'::json)
select json_array_elements_text('12.50'::json)
select json_extract_path('12.50'::json,'b','1')
select json_extract_path_text('12.50'::json,'b','2')
select '12.50'::json::text
select to_json('12.50'::json)
select to_jsonb('12.50'::json)
select '12.50'::jsonb->'a'
select '12.50'::jsonb->>'d'
select '12.50'::jsonb->'b'->2
select '12.50'::jsonb->0
select '12.50'::jsonb->>1
select '12.50'::jsonb->-1
select '12.50'::jsonb->>2
select '12.50'::jsonb#>'{b,2,c}'
select '12.50'::jsonb#>>'{b,0}'
select '12.50'::jsonb#>'{}'
select '12.50'::jsonb#>>'{4,0}'
select '12.50'::jsonb->>'k'
select jsonb_typeof('12.50'::jsonb)
select jsonb_array_length('12.50'::jsonb)
select jsonb_strip_nulls('12.50'::jsonb)
select * from jsonb_each('12.50'::jsonb)
select * from jsonb_each_text('12.50'::jsonb)
select jsonb_object_keys('12.50'::jsonb)
select jsonb_array_elements('12.50'::jsonb)
select jsonb_array_elements_text('12.50'::jsonb)
select jsonb_extract_path('12.50'::jsonb,'b','1')
select jsonb_extract_path_text('12.50'::jsonb,'b','2')
select '12.50'::jsonb::text
select to_json('12.50'::jsonb)
select to_jsonb('12.50'::jsonb)
select '12.50'::jsonb @> '{"a":1}'
select '12.50'::jsonb @> '[1]'
select '12.50'::jsonb @> '"two"'
select '12.50'::jsonb <@ '[1,"two",null,true,[3],5]'
select '12.50'::jsonb ? 'a'
select '12.50'::jsonb ? 'two'
select '12.50'::jsonb ?| array['x','b']
select '12.50'::jsonb ?& array['a','b']
select '12.50'::jsonb || '{"z":1}'
select '12.50'::jsonb || '[9]'
select '12.50'::jsonb - 'a'
select '12.50'::jsonb - 0
select '12.50'::jsonb - -1
select '12.50'::jsonb - array['a','b']
select '12.50'::jsonb #- '{b,0}'
select jsonb_set('12.50'::jsonb,'{a}','99')
select jsonb_set('12.50'::jsonb,'{b,2,c}','99')
select jsonb_set('12.50'::jsonb,'{b,-1}','99')
select jsonb_set('12.50'::jsonb,'{zz}','99',false)
select jsonb_set('12.50'::jsonb,'{9}','99')
select jsonb_insert('12.50'::jsonb,'{b,1}','99')
select jsonb_insert('12.50'::jsonb,'{b,1}','99',true)
select jsonb_insert('12.50'::jsonb,'{a}','99')
select jsonb_insert('12.50'::jsonb,'{0}','99')
select jsonb_pretty('12.50'::jsonb)
select ('12.50'::jsonb)::int
select ('12.50'::jsonb)::numeric
select ('12.50'::jsonb)::bool
select ('12.50'::jsonb)::float8
select '12.50'::jsonb = '12.5'
select '12.50'::jsonb < '[1]'
select jsonb_set_lax('12.50'::jsonb,'{a}',null,true,'delete_key')
DIFFERS select jsonb_hash('12.50'::jsonb)
select '12.50'::jsonb['a']
DIFFERS select ('12.50'::jsonb)['b'][1]
select 'null'::json->'a'
select 'null'::json->>'d'
select 'null'::json->'b'->2
select 'null'::json->0
select 'null'::json->>1
select 'null'::json->-1
select 'null'::json->>2
select 'null'::json#>'{b,2,c}'
select 'null'::json#>>'{b,0}'
select 'null'::json#>'{}'
select 'null'::json#>>'{4,0}'
select 'null'::json->>'k'
select json_typeof('null'::json)
select json_array_length('null'::json)
select json_strip_nulls('null'::json)
select * from json_each('null'::json)
select * from json_each_text('null'::json)
select json_object_keys('null'::json)
select json_array_elements('null'::json)
select json_array_elements_text('null'::json)
select json_extract_path('null'::json,'b','1')
select json_extract_path_text('null'::json,'b','2')
select 'null'::json::text
select to_json('null'::json)
select to_jsonb('null'::json)
select 'null'::jsonb->'a'
select 'null'::jsonb->>'d'
select 'null'::jsonb->'b'->2
select 'null'::jsonb->0
select 'null'::jsonb->>1
select 'null'::jsonb->-1
select 'null'::jsonb->>2
select 'null'::jsonb#>'{b,2,c}'
select 'null'::jsonb#>>'{b,0}'
select 'null'::jsonb#>'{}'
select 'null'::jsonb#>>'{4,0}'
select 'null'::jsonb->>'k'
select jsonb_typeof('null'::jsonb)
select jsonb_array_length('null'::jsonb)
select jsonb_strip_nulls('null'::jsonb)
select * from jsonb_each('null'::jsonb)
select * from jsonb_each_text('null'::jsonb)
select jsonb_object_keys('null'::jsonb)
select jsonb_array_elements('null'::jsonb)
select jsonb_array_elements_text('null'::jsonb)
select jsonb_extract_path('null'::jsonb,'b','1')
select jsonb_extract_path_text('null'::jsonb,'b','2')
select 'null'::jsonb::text
select to_json('null'::jsonb)
select to_jsonb('null'::jsonb)
select 'null'::jsonb @> '{"a":1}'
select 'null'::jsonb @> '[1]'
select 'null'::jsonb @> '"two"'
select 'null'::jsonb <@ '[1,"two",null,true,[3],5]'
select 'null'::jsonb ? 'a'
select 'null'::jsonb ? 'two'
select 'null'::jsonb ?| array['x','b']
select 'null'::jsonb ?& array['a','b']
select 'null'::jsonb || '{"z":1}'
select 'null'::jsonb || '[9]'
select 'null'::jsonb - 'a'
select 'null'::jsonb - 0
select 'null'::jsonb - -1
select 'null'::jsonb - array['a','b']
select 'null'::jsonb #- '{b,0}'
select jsonb_set('null'::jsonb,'{a}','99')
select jsonb_set('null'::jsonb,'{b,2,c}','99')
select jsonb_set('null'::jsonb,'{b,-1}','99')
select jsonb_set('null'::jsonb,'{zz}','99',false)
select jsonb_set('null'::jsonb,'{9}','99')
select jsonb_insert('null'::jsonb,'{b,1}','99')
select jsonb_insert('null'::jsonb,'{b,1}','99',true)
select jsonb_insert('null'::jsonb,'{a}','99')
select jsonb_insert('null'::jsonb,'{0}','99')
select jsonb_pretty('null'::jsonb)
select ('null'::jsonb)::int
select ('null'::jsonb)::numeric
select ('null'::jsonb)::bool
select ('null'::jsonb)::float8
select 'null'::jsonb = '12.5'
select 'null'::jsonb < '[1]'
select jsonb_set_lax('null'::jsonb,'{a}',null,true,'delete_key')
DIFFERS select jsonb_hash('null'::jsonb)
select 'null'::jsonb['a']
DIFFERS select ('null'::jsonb)['b'][1]
select '{}'::json->'a'
select '{}'::json->>'d'
select '{}'::json->'b'->2
select '{}'::json->0
select '{}'::json->>1
select '{}'::json->-1
select '{}'::json->>2
select '{}'::json#>'{b,2,c}'
select '{}'::json#>>'{b,0}'
select '{}'::json#>'{}'
select '{}'::json#>>'{4,0}'
select '{}'::json->>'k'
select json_typeof('{}'::json)
select json_array_length('{}'::json)
select json_strip_nulls('{}'::json)
select * from json_each('{}'::json)
select * from json_each_text('{}'::json)
select json_object_keys('{}'::json)
select json_array_elements('{}'::json)
select json_array_elements_text('{}'::json)
select json_extract_path('{}'::json,'b','1')
select json_extract_path_text('{}'::json,'b','2')
select '{}'::json::text
select to_json('{}'::json)
select to_jsonb('{}'::json)
select '{}'::jsonb->'a'
select '{}'::jsonb->>'d'
select '{}'::jsonb->'b'->2
select '{}'::jsonb->0
select '{}'::jsonb->>1
select '{}'::jsonb->-1
select '{}'::jsonb->>2
select '{}'::jsonb#>'{b,2,c}'
select '{}'::jsonb#>>'{b,0}'
select '{}'::jsonb#>'{}'
select '{}'::jsonb#>>'{4,0}'
select '{}'::jsonb->>'k'
select jsonb_typeof('{}'::jsonb)
select jsonb_array_length('{}'::jsonb)
select jsonb_strip_nulls('{}'::jsonb)
select * from jsonb_each('{}'::jsonb)
select * from jsonb_each_text('{}'::jsonb)
select jsonb_object_keys('{}'::jsonb)
select jsonb_array_elements('{}'::jsonb)
select jsonb_array_elements_text('{}'::jsonb)
select jsonb_extract_path('{}'::jsonb,'b','1')
select jsonb_extract_path_text('{}'::jsonb,'b','2')
select '{}'::jsonb::text
select to_json('{}'::jsonb)
select to_jsonb('{}'::jsonb)
select '{}'::jsonb @> '{"a":1}'
select '{}'::jsonb @> '[1]'
select '{}'::jsonb @> '"two"'
select '{}'::jsonb <@ '[1,"two",null,true,[3],5]'
select '{}'::jsonb ? 'a'
select '{}'::jsonb ? 'two'
select '{}'::jsonb ?| array['x','b']
select '{}'::jsonb ?& array['a','b']
select '{}'::jsonb || '{"z":1}'
select '{}'::jsonb || '[9]'
select '{}'::jsonb - 'a'
select '{}'::jsonb - 0
select '{}'::jsonb - -1
select '{}'::jsonb - array['a','b']
select '{}'::jsonb #- '{b,0}'
select jsonb_set('{}'::jsonb,'{a}','99')
select jsonb_set('{}'::jsonb,'{b,2,c}','99')
select jsonb_set('{}'::jsonb,'{b,-1}','99')
select jsonb_set('{}'::jsonb,'{zz}','99',false)
select jsonb_set('{}'::jsonb,'{9}','99')
select jsonb_insert('{}'::jsonb,'{b,1}','99')
select jsonb_insert('{}'::jsonb,'{b,1}','99',true)
select jsonb_insert('{}'::jsonb,'{a}','99')
select jsonb_insert('{}'::jsonb,'{0}','99')
select jsonb_pretty('{}'::jsonb)
select ('{}'::jsonb)::int
select ('{}'::jsonb)::numeric
select ('{}'::jsonb)::bool
select ('{}'::jsonb)::float8
select '{}'::jsonb = '12.5'
select '{}'::jsonb < '[1]'
select jsonb_set_lax('{}'::jsonb,'{a}',null,true,'delete_key')
DIFFERS select jsonb_hash('{}'::jsonb)
select '{}'::jsonb['a']
DIFFERS select ('{}'::jsonb)['b'][1]
select '[]'::json->'a'
select '[]'::json->>'d'
select '[]'::json->'b'->2
select '[]'::json->0
select '[]'::json->>1
select '[]'::json->-1
select '[]'::json->>2
select '[]'::json#>'{b,2,c}'
select '[]'::json#>>'{b,0}'
select '[]'::json#>'{}'
select '[]'::json#>>'{4,0}'
select '[]'::json->>'k'
select json_typeof('[]'::json)
select json_array_length('[]'::json)
select json_strip_nulls('[]'::json)
select * from json_each('[]'::json)
select * from json_each_text('[]'::json)
select json_object_keys('[]'::json)
select json_array_elements('[]'::json)
select json_array_elements_text('[]'::json)
select json_extract_path('[]'::json,'b','1')
select json_extract_path_text('[]'::json,'b','2')
select '[]'::json::text
select to_json('[]'::json)
select to_jsonb('[]'::json)
select '[]'::jsonb->'a'
select '[]'::jsonb->>'d'
select '[]'::jsonb->'b'->2
select '[]'::jsonb->0
select '[]'::jsonb->>1
select '[]'::jsonb->-1
select '[]'::jsonb->>2
select '[]'::jsonb#>'{b,2,c}'
select '[]'::jsonb#>>'{b,0}'
select '[]'::jsonb#>'{}'
select '[]'::jsonb#>>'{4,0}'
select '[]'::jsonb->>'k'
select jsonb_typeof('[]'::jsonb)
select jsonb_array_length('[]'::jsonb)
select jsonb_strip_nulls('[]'::jsonb)
select * from jsonb_each('[]'::jsonb)
select * from jsonb_each_text('[]'::jsonb)
select jsonb_object_keys('[]'::jsonb)
select jsonb_array_elements('[]'::jsonb)
select jsonb_array_elements_text('[]'::jsonb)
select jsonb_extract_path('[]'::jsonb,'b','1')
select jsonb_extract_path_text('[]'::jsonb,'b','2')
select '[]'::jsonb::text
select to_json('[]'::jsonb)
select to_jsonb('[]'::jsonb)
select '[]'::jsonb @> '{"a":1}'
select '[]'::jsonb @> '[1]'
select '[]'::jsonb @> '"two"'
select '[]'::jsonb <@ '[1,"two",null,true,[3],5]'
select '[]'::jsonb ? 'a'
select '[]'::jsonb ? 'two'
select '[]'::jsonb ?| array['x','b']
select '[]'::jsonb ?& array['a','b']
select '[]'::jsonb || '{"z":1}'
select '[]'::jsonb || '[9]'
select '[]'::jsonb - 'a'
select '[]'::jsonb - 0
select '[]'::jsonb - -1
select '[]'::jsonb - array['a','b']
select '[]'::jsonb #- '{b,0}'
select jsonb_set('[]'::jsonb,'{a}','99')
select jsonb_set('[]'::jsonb,'{b,2,c}','99')
select jsonb_set('[]'::jsonb,'{b,-1}','99')
select jsonb_set('[]'::jsonb,'{zz}','99',false)
select jsonb_set('[]'::jsonb,'{9}','99')
select jsonb_insert('[]'::jsonb,'{b,1}','99')
select jsonb_insert('[]'::jsonb,'{b,1}','99',true)
select jsonb_insert('[]'::jsonb,'{a}','99')
select jsonb_insert('[]'::jsonb,'{0}','99')
select jsonb_pretty('[]'::jsonb)
select ('[]'::jsonb)::int
select ('[]'::jsonb)::numeric
select ('[]'::jsonb)::bool
select ('[]'::jsonb)::float8
select '[]'::jsonb = '12.5'
select '[]'::jsonb < '[1]'
select jsonb_set_lax('[]'::jsonb,'{a}',null,true,'delete_key')
DIFFERS select jsonb_hash('[]'::jsonb)
select '[]'::jsonb['a']
DIFFERS select ('[]'::jsonb)['b'][1]
select ' { "k" : [ 1 , 2 ] , "k" : 3 } '::json->'a'
select ' { "k" : [ 1 , 2 ] , "k" : 3 } '::json->>'d'
select ' { "k" : [ 1 , 2 ] , "k" : 3 } '::json->'b'->2
select ' { "k" : [ 1 , 2 ] , "k" : 3 } '::json->0
select ' { "k" : [ 1 , 2 ] , "k" : 3 } '::json->>1
select ' { "k" : [ 1 , 2 ] , "k" : 3 } '::json->-1
select ' { "k" : [ 1 , 2 ] , "k" : 3 } '::json->>2
select ' { "k" : [ 1 , 2 ] , "k" : 3 } '::json#>'{b,2,c}'
select ' { "k" : [ 1 , 2 ] , "k" : 3 } '::json#>>'{b,0}'
select ' { "k" : [ 1 , 2 ] , "k" : 3 } '::json#>'{}'
select ' { "k" : [ 1 , 2 ] , "k" : 3 } '::json#>>'{4,0}'
select ' { "k" : [ 1 , 2 ] , "k" : 3 } '::json->>'k'
select json_typeof(' { "k" : [ 1 , 2 ] , "k" : 3 } '::json)
select json_array_length(' { "k" : [ 1 , 2 ] , "k" : 3 } '::json)
select json_strip_nulls(' { "k" : [ 1 , 2 ] , "k" : 3 } '::json)
select * from json_each(' { "k" : [ 1 , 2 ] , "k" : 3 } '::json)
select * from json_each_text(' { "k" : [ 1 , 2 ] , "k" : 3 } '::json)
select json_object_keys(' { "k" : [ 1 , 2 ] , "k" : 3 } '::json)
select json_array_elements(' { "k" : [ 1 , 2 ] , "k" : 3 } '::json)
select json_array_elements_text(' { "k" : [ 1 , 2 ] , "k" : 3 } '::json)
select json_extract_path(' { "k" : [ 1 , 2 ] , "k" : 3 } '::json,'b','1')
select json_extract_path_text(' { "k" : [ 1 , 2 ] , "k" : 3 } '::json,'b','2')
select ' { "k" : [ 1 , 2 ] , "k" : 3 } '::json::text
select to_json(' { "k" : [ 1 , 2 ] , "k" : 3 } '::json)
select to_jsonb(' { "k" : [ 1 , 2 ] , "k" : 3 } '::json)
select ' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb->'a'
select ' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb->>'d'
select ' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb->'b'->2
select ' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb->0
select ' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb->>1
select ' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb->-1
select ' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb->>2
select ' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb#>'{b,2,c}'
select ' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb#>>'{b,0}'
select ' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb#>'{}'
select ' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb#>>'{4,0}'
select ' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb->>'k'
select jsonb_typeof(' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb)
select jsonb_array_length(' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb)
select jsonb_strip_nulls(' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb)
select * from jsonb_each(' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb)
select * from jsonb_each_text(' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb)
select jsonb_object_keys(' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb)
select jsonb_array_elements(' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb)
select jsonb_array_elements_text(' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb)
select jsonb_extract_path(' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb,'b','1')
select jsonb_extract_path_text(' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb,'b','2')
select ' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb::text
select to_json(' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb)
select to_jsonb(' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb)
select ' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb @> '{"a":1}'
select ' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb @> '[1]'
select ' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb @> '"two"'
select ' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb <@ '[1,"two",null,true,[3],5]'
select ' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb ? 'a'
select ' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb ? 'two'
select ' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb ?| array['x','b']
select ' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb ?& array['a','b']
select ' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb || '{"z":1}'
select ' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb || '[9]'
select ' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb - 'a'
select ' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb - 0
select ' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb - -1
select ' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb - array['a','b']
select ' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb #- '{b,0}'
select jsonb_set(' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb,'{a}','99')
select jsonb_set(' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb,'{b,2,c}','99')
select jsonb_set(' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb,'{b,-1}','99')
select jsonb_set(' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb,'{zz}','99',false)
select jsonb_set(' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb,'{9}','99')
select jsonb_insert(' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb,'{b,1}','99')
select jsonb_insert(' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb,'{b,1}','99',true)
select jsonb_insert(' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb,'{a}','99')
select jsonb_insert(' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb,'{0}','99')
select jsonb_pretty(' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb)
select (' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb)::int
select (' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb)::numeric
select (' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb)::bool
select (' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb)::float8
select ' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb = '12.5'
select ' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb < '[1]'
select jsonb_set_lax(' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb,'{a}',null,true,'delete_key')
DIFFERS select jsonb_hash(' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb)
select ' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb['a']
DIFFERS select (' { "k" : [ 1 , 2 ] , "k" : 3 } '::jsonb)['b'][1]
select to_json(1), to_json(1.50), to_json('a"b'::text), to_json(true), to_json(null::int), to_json('2020-01-02'::date), to_json('2020-01-02 03:04:05.6'::timestamp), to_json('2020-01-02 03:04:05+00'::timestamptz), to_json('NaN'::float8), to_json('infinity'::date), to_json('Infinity'::numeric)
select to_jsonb(1), to_jsonb(1.50), to_jsonb('a"b'::text), to_jsonb(true), to_jsonb(null::int), to_jsonb('2020-01-02'::date), to_jsonb('2020-01-02 03:04:05+00'::timestamptz), to_jsonb('NaN'::float8), to_jsonb(1e20::float8)
select to_json(array[1,2]), to_json(array[[1,2],[3,4]]), to_json(array['a',null]), to_json('{}'::int[]), to_json(row(1,'a',null)), to_json(array[row(1,2)])
select to_json(5::oid), to_json('1 day'::interval), to_json('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid), to_json('\x01'::bytea), to_json('x'::char(3)), to_json(1.5::money), to_json('10:00'::time)
select array_to_json(array[[1,2],[3,4]],true), row_to_json(row(1,array[1,2]),true), array_to_json(array[1,2],false)
select row_to_json(row(1,'foo'))
DIFFERS select row_to_json(t) from (values (1,'a'),(2,null)) t(x,y)
DIFFERS select to_jsonb(t) from (values (1,'a'),(2,null)) t(x,y)
DIFFERS select json_agg(t) from (values (1,'a'),(2,null)) t(x,y)
DIFFERS select jsonb_agg(t) from (values (1,'a'),(2,null)) t(x,y)
select json_agg(x) from (values (1),(2),(null)) t(x)
select jsonb_agg(x order by x desc) from (values (1),(2),(null)) t(x)
select json_agg(x) from (values (array[1,2])) t(x)
select json_object_agg(x,y) from (values ('a',1),('b',2),('a',3)) t(x,y)
select jsonb_object_agg(x,y) from (values ('a',1),('b',2),('a',3)) t(x,y)
select json_object_agg(x,y) from (values (null,1)) t(x,y)
select jsonb_object_agg(x,y) from (values (null,1)) t(x,y)
select json_agg(x) from (values (1)) t(x) where false
select json_build_object('a',1,'b',null,'c',array[1,2],'d','{"x":1}'::json)
select json_build_object('a')
select json_build_object(null,1)
select json_build_object(1,2,true,3,'2020-01-01'::date,4)
select json_build_object(array[1],1)
select json_build_object()
select jsonb_build_object('a',1,'b',null,'a',array[1,2],'d','{"x":1}'::json)
select jsonb_build_object('a')
select jsonb_build_object(null,1)
select jsonb_build_object(), jsonb_build_array(), json_build_array()
select json_build_array(1,'a',null,true,1.5,array[1])
select jsonb_build_array(1,'a',null,true,1.5,array[1])
select json_build_object(variadic array['a','1','b','2']), json_build_array(variadic array[1,2]), jsonb_build_array(variadic array[1,2])
select json_object('{a,1,b,"x"}'), json_object('{{a,1},{b,null}}'), json_object('{a,b}','{1,2}'), jsonb_object('{a,1,b,2}'), jsonb_object('{a,b}','{1,null}')
select json_object('{a,1,b}')
select json_object('{{a,1,2}}')
select json_object('{a,null}','{1,2}')
select json_object('{a,b}','{1}')
select jsonb_object('{}'), json_object('{}')
select jsonb '{"a":[1,2]}' @> '{"a":[1]}', jsonb '{"a":{"b":1}}' @> '{"a":{}}', jsonb '[1,[1,2]]' @> '[[1]]', jsonb '[1,2]' @> '[1,1]', jsonb '"foo"' @> '"foo"', jsonb '["foo"]' @> '"foo"', jsonb '"foo"' @> '["foo"]', jsonb '[[1]]' @> '1'
select jsonb '{"a":1}' || '{"a":2,"b":3}', jsonb '1' || '2', jsonb '[1]' || '2', jsonb '{"a":1}' || '[2]', jsonb '[]' || '{}'
select jsonb '1' - 'a'
select jsonb '{"a":1}' - 1
select jsonb '[1,2,3]' #- '{x}'
select jsonb_set('{"a":[1,2]}','{a,x}','5')
select jsonb_set('{"a":[1,2]}','{a,null}','5')
select jsonb_set('{"a":{}}','{a,b,c}','5'), jsonb_set('{"a":{}}','{a,b}','5'), jsonb_set('{}','{a}','1',false), jsonb_set('[]','{0}','1')
select jsonb_set('[1,2]','{-5}','9'), jsonb_set('[1,2]','{5}','9'), jsonb_insert('[1,2]','{-5}','9'), jsonb_insert('[1,2]','{-1}','9'), jsonb_insert('[1,2]','{-1}','9',true)
select jsonb_set_lax('{"a":1}','{a}',null,true,'raise_exception')
select jsonb_set_lax('{"a":1}','{a}',null,true,'foo')
select jsonb_set_lax('{"a":1}','{a}',null,true,'return_target'), jsonb_set_lax('{"a":1}','{a}',null), jsonb_set_lax('{"a":1}','{a}','2')
select '"5"'::jsonb::int
select '5.5'::jsonb::int, '5.5'::jsonb::numeric, '1e5'::jsonb
select '{"a":1'::json
select '{"a":1}'::json = '{}'
select '{"b":1,"a":2,"aa":3}'::jsonb, '{"b":1,"a":2}'::json
DIFFERS select * from json_to_record('{"a":1,"b":"x"}') as x(a int, b text)
select json_typeof('-1'), json_typeof('"a"'), jsonb_typeof('{}')
select json_array_elements('{"a":1}')
select jsonb_array_elements('1')
select json_each('[1]')
select jsonb_each('1')
select jsonb_object_keys('[1]')
select json_object_keys('1')
select '{"a":"\u0000"}'::json->>'a'
select '{"a":"\ud83d\ude00"}'::json->>'a', '["\"q\\"]'::json->>0
select '[1, 2]'::json->0, ' {"a" : { "b" : 1 } } '::json->'a'