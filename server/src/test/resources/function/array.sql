select array_ndims(array[1,2,3])
select array_dims(array[1,2,3])
select array_length(array[1,2,3],1)
select array_length(array[1,2,3],2)
select array_lower(array[1,2,3],1)
select array_upper(array[1,2,3],1)
select array_upper(array[1,2,3],3)
select cardinality(array[1,2,3])
select array_append(array[1,2,3],9)
select array_append(array[1,2,3],null)
select array_prepend(9,array[1,2,3])
select array_cat(array[1,2,3],array[7,8])
select array_cat(array[7,8],array[1,2,3])
select array[1,2,3]||array[[7,8]]
select array[1,2,3]||4
select 4||array[1,2,3]
select array_remove(array[1,2,3],1)
select array_remove(array[1,2,3],null)
select array_replace(array[1,2,3],1,100)
select array_replace(array[1,2,3],null,100)
select array_position(array[1,2,3],3)
select array_position(array[1,2,3],null)
select array_position(array[1,2,3],3,2)
select array_positions(array[1,2,3],1)
select array_to_string(array[1,2,3],',')
select array_to_string(array[1,2,3],',','N')
select unnest(array[1,2,3])
select generate_subscripts(array[1,2,3],1)
select generate_subscripts(array[1,2,3],2,true)
select trim_array(array[1,2,3],1)
select trim_array(array[1,2,3],5)
select array[1,2,3] @> array[1]
select array[1,2,3] @> array[null]::int[]
select array[1,2,3] <@ array[1,2,3,4]
select array[1,2,3] && array[3,9]
select array[1,2,3] = array[1,2,3]
select array[1,2,3] < array[1,3]
select array[1,2,3] >= array[1,2]
select array_larger(array[1,2,3],array[2])
select array_to_json(array[1,2,3])
select to_jsonb(array[1,2,3])
select hash_array(array[1,2,3])
select array_smaller(array[1,2,3],array[2])
select (array[1,2,3])[1]
select (array[1,2,3])[2:3]
select array_ndims('{}'::int[])
select array_dims('{}'::int[])
select array_length('{}'::int[],1)
select array_length('{}'::int[],2)
select array_lower('{}'::int[],1)
select array_upper('{}'::int[],1)
select array_upper('{}'::int[],3)
select cardinality('{}'::int[])
select array_append('{}'::int[],9)
select array_append('{}'::int[],null)
select array_prepend(9,'{}'::int[])
select array_cat('{}'::int[],array[7,8])
select array_cat(array[7,8],'{}'::int[])
select '{}'::int[]||array[[7,8]]
select '{}'::int[]||4
select 4||'{}'::int[]
select array_remove('{}'::int[],1)
select array_remove('{}'::int[],null)
select array_replace('{}'::int[],1,100)
select array_replace('{}'::int[],null,100)
select array_position('{}'::int[],3)
select array_position('{}'::int[],null)
select array_position('{}'::int[],3,2)
select array_positions('{}'::int[],1)
select array_to_string('{}'::int[],',')
select array_to_string('{}'::int[],',','N')
select unnest('{}'::int[])
select generate_subscripts('{}'::int[],1)
select generate_subscripts('{}'::int[],2,true)
select trim_array('{}'::int[],1)
select trim_array('{}'::int[],5)
select '{}'::int[] @> array[1]
select '{}'::int[] @> array[null]::int[]
select '{}'::int[] <@ array[1,2,3,4]
select '{}'::int[] && array[3,9]
select '{}'::int[] = array[1,2,3]
select '{}'::int[] < array[1,3]
select '{}'::int[] >= array[1,2]
select array_larger('{}'::int[],array[2])
select array_to_json('{}'::int[])
select to_jsonb('{}'::int[])
select hash_array('{}'::int[])
select array_smaller('{}'::int[],array[2])
select ('{}'::int[])[1]
select ('{}'::int[])[2:3]
select array_ndims('{{1,2},{3,4}}'::int[])
select array_dims('{{1,2},{3,4}}'::int[])
select array_length('{{1,2},{3,4}}'::int[],1)
select array_length('{{1,2},{3,4}}'::int[],2)
select array_lower('{{1,2},{3,4}}'::int[],1)
select array_upper('{{1,2},{3,4}}'::int[],1)
select array_upper('{{1,2},{3,4}}'::int[],3)
select cardinality('{{1,2},{3,4}}'::int[])
select array_append('{{1,2},{3,4}}'::int[],9)
select array_append('{{1,2},{3,4}}'::int[],null)
select array_prepend(9,'{{1,2},{3,4}}'::int[])
select array_cat('{{1,2},{3,4}}'::int[],array[7,8])
select array_cat(array[7,8],'{{1,2},{3,4}}'::int[])
select '{{1,2},{3,4}}'::int[]||array[[7,8]]
select '{{1,2},{3,4}}'::int[]||4
select 4||'{{1,2},{3,4}}'::int[]
select array_remove('{{1,2},{3,4}}'::int[],1)
select array_remove('{{1,2},{3,4}}'::int[],null)
select array_replace('{{1,2},{3,4}}'::int[],1,100)
select array_replace('{{1,2},{3,4}}'::int[],null,100)
select array_position('{{1,2},{3,4}}'::int[],3)
select array_position('{{1,2},{3,4}}'::int[],null)
select array_position('{{1,2},{3,4}}'::int[],3,2)
select array_positions('{{1,2},{3,4}}'::int[],1)
select array_to_string('{{1,2},{3,4}}'::int[],',')
select array_to_string('{{1,2},{3,4}}'::int[],',','N')
select unnest('{{1,2},{3,4}}'::int[])
select generate_subscripts('{{1,2},{3,4}}'::int[],1)
select generate_subscripts('{{1,2},{3,4}}'::int[],2,true)
select trim_array('{{1,2},{3,4}}'::int[],1)
select trim_array('{{1,2},{3,4}}'::int[],5)
select '{{1,2},{3,4}}'::int[] @> array[1]
select '{{1,2},{3,4}}'::int[] @> array[null]::int[]
select '{{1,2},{3,4}}'::int[] <@ array[1,2,3,4]
select '{{1,2},{3,4}}'::int[] && array[3,9]
select '{{1,2},{3,4}}'::int[] = array[1,2,3]
select '{{1,2},{3,4}}'::int[] < array[1,3]
select '{{1,2},{3,4}}'::int[] >= array[1,2]
select array_larger('{{1,2},{3,4}}'::int[],array[2])
select array_to_json('{{1,2},{3,4}}'::int[])
select to_jsonb('{{1,2},{3,4}}'::int[])
select hash_array('{{1,2},{3,4}}'::int[])
select array_smaller('{{1,2},{3,4}}'::int[],array[2])
select ('{{1,2},{3,4}}'::int[])[1]
select ('{{1,2},{3,4}}'::int[])[2:3]
select array_ndims('[0:2]={5,6,7}'::int[])
select array_dims('[0:2]={5,6,7}'::int[])
select array_length('[0:2]={5,6,7}'::int[],1)
select array_length('[0:2]={5,6,7}'::int[],2)
select array_lower('[0:2]={5,6,7}'::int[],1)
select array_upper('[0:2]={5,6,7}'::int[],1)
select array_upper('[0:2]={5,6,7}'::int[],3)
select cardinality('[0:2]={5,6,7}'::int[])
select array_append('[0:2]={5,6,7}'::int[],9)
select array_append('[0:2]={5,6,7}'::int[],null)
select array_prepend(9,'[0:2]={5,6,7}'::int[])
select array_cat('[0:2]={5,6,7}'::int[],array[7,8])
select array_cat(array[7,8],'[0:2]={5,6,7}'::int[])
select '[0:2]={5,6,7}'::int[]||array[[7,8]]
select '[0:2]={5,6,7}'::int[]||4
select 4||'[0:2]={5,6,7}'::int[]
select array_remove('[0:2]={5,6,7}'::int[],1)
select array_remove('[0:2]={5,6,7}'::int[],null)
select array_replace('[0:2]={5,6,7}'::int[],1,100)
select array_replace('[0:2]={5,6,7}'::int[],null,100)
select array_position('[0:2]={5,6,7}'::int[],3)
select array_position('[0:2]={5,6,7}'::int[],null)
select array_position('[0:2]={5,6,7}'::int[],3,2)
select array_positions('[0:2]={5,6,7}'::int[],1)
select array_to_string('[0:2]={5,6,7}'::int[],',')
select array_to_string('[0:2]={5,6,7}'::int[],',','N')
select unnest('[0:2]={5,6,7}'::int[])
select generate_subscripts('[0:2]={5,6,7}'::int[],1)
select generate_subscripts('[0:2]={5,6,7}'::int[],2,true)
select trim_array('[0:2]={5,6,7}'::int[],1)
select trim_array('[0:2]={5,6,7}'::int[],5)
select '[0:2]={5,6,7}'::int[] @> array[1]
select '[0:2]={5,6,7}'::int[] @> array[null]::int[]
select '[0:2]={5,6,7}'::int[] <@ array[1,2,3,4]
select '[0:2]={5,6,7}'::int[] && array[3,9]
select '[0:2]={5,6,7}'::int[] = array[1,2,3]
select '[0:2]={5,6,7}'::int[] < array[1,3]
select '[0:2]={5,6,7}'::int[] >= array[1,2]
select array_larger('[0:2]={5,6,7}'::int[],array[2])
select array_to_json('[0:2]={5,6,7}'::int[])
select to_jsonb('[0:2]={5,6,7}'::int[])
select hash_array('[0:2]={5,6,7}'::int[])
select array_smaller('[0:2]={5,6,7}'::int[],array[2])
select ('[0:2]={5,6,7}'::int[])[1]
select ('[0:2]={5,6,7}'::int[])[2:3]
select array_ndims(array[1,null,3])
select array_dims(array[1,null,3])
select array_length(array[1,null,3],1)
select array_length(array[1,null,3],2)
select array_lower(array[1,null,3],1)
select array_upper(array[1,null,3],1)
select array_upper(array[1,null,3],3)
select cardinality(array[1,null,3])
select array_append(array[1,null,3],9)
select array_append(array[1,null,3],null)
select array_prepend(9,array[1,null,3])
select array_cat(array[1,null,3],array[7,8])
select array_cat(array[7,8],array[1,null,3])
select array[1,null,3]||array[[7,8]]
select array[1,null,3]||4
select 4||array[1,null,3]
select array_remove(array[1,null,3],1)
select array_remove(array[1,null,3],null)
select array_replace(array[1,null,3],1,100)
select array_replace(array[1,null,3],null,100)
select array_position(array[1,null,3],3)
select array_position(array[1,null,3],null)
select array_position(array[1,null,3],3,2)
select array_positions(array[1,null,3],1)
select array_to_string(array[1,null,3],',')
select array_to_string(array[1,null,3],',','N')
select unnest(array[1,null,3])
select generate_subscripts(array[1,null,3],1)
select generate_subscripts(array[1,null,3],2,true)
select trim_array(array[1,null,3],1)
select trim_array(array[1,null,3],5)
select array[1,null,3] @> array[1]
select array[1,null,3] @> array[null]::int[]
select array[1,null,3] <@ array[1,2,3,4]
select array[1,null,3] && array[3,9]
select array[1,null,3] = array[1,2,3]
select array[1,null,3] < array[1,3]
select array[1,null,3] >= array[1,2]
select array_larger(array[1,null,3],array[2])
select array_to_json(array[1,null,3])
select to_jsonb(array[1,null,3])
select hash_array(array[1,null,3])
select array_smaller(array[1,null,3],array[2])
select (array[1,null,3])[1]
select (array[1,null,3])[2:3]
select array_ndims(null::int[])
select array_dims(null::int[])
select array_length(null::int[],1)
select array_length(null::int[],2)
select array_lower(null::int[],1)
select array_upper(null::int[],1)
select array_upper(null::int[],3)
select cardinality(null::int[])
select array_append(null::int[],9)
select array_append(null::int[],null)
select array_prepend(9,null::int[])
select array_cat(null::int[],array[7,8])
select array_cat(array[7,8],null::int[])
select null::int[]||array[[7,8]]
select null::int[]||4
select 4||null::int[]
select array_remove(null::int[],1)
select array_remove(null::int[],null)
select array_replace(null::int[],1,100)
select array_replace(null::int[],null,100)
select array_position(null::int[],3)
select array_position(null::int[],null)
select array_position(null::int[],3,2)
select array_positions(null::int[],1)
select array_to_string(null::int[],',')
select array_to_string(null::int[],',','N')
select unnest(null::int[])
select generate_subscripts(null::int[],1)
select generate_subscripts(null::int[],2,true)
select trim_array(null::int[],1)
select trim_array(null::int[],5)
select null::int[] @> array[1]
select null::int[] @> array[null]::int[]
select null::int[] <@ array[1,2,3,4]
select null::int[] && array[3,9]
select null::int[] = array[1,2,3]
select null::int[] < array[1,3]
select null::int[] >= array[1,2]
select array_larger(null::int[],array[2])
select array_to_json(null::int[])
select to_jsonb(null::int[])
select hash_array(null::int[])
select array_smaller(null::int[],array[2])
select (null::int[])[1]
select (null::int[])[2:3]
select array_ndims('{{{1},{2}}}'::int[])
select array_dims('{{{1},{2}}}'::int[])
select array_length('{{{1},{2}}}'::int[],1)
select array_length('{{{1},{2}}}'::int[],2)
select array_lower('{{{1},{2}}}'::int[],1)
select array_upper('{{{1},{2}}}'::int[],1)
select array_upper('{{{1},{2}}}'::int[],3)
select cardinality('{{{1},{2}}}'::int[])
select array_append('{{{1},{2}}}'::int[],9)
select array_append('{{{1},{2}}}'::int[],null)
select array_prepend(9,'{{{1},{2}}}'::int[])
select array_cat('{{{1},{2}}}'::int[],array[7,8])
select array_cat(array[7,8],'{{{1},{2}}}'::int[])
select '{{{1},{2}}}'::int[]||array[[7,8]]
select '{{{1},{2}}}'::int[]||4
select 4||'{{{1},{2}}}'::int[]
select array_remove('{{{1},{2}}}'::int[],1)
select array_remove('{{{1},{2}}}'::int[],null)
select array_replace('{{{1},{2}}}'::int[],1,100)
select array_replace('{{{1},{2}}}'::int[],null,100)
select array_position('{{{1},{2}}}'::int[],3)
select array_position('{{{1},{2}}}'::int[],null)
select array_position('{{{1},{2}}}'::int[],3,2)
select array_positions('{{{1},{2}}}'::int[],1)
select array_to_string('{{{1},{2}}}'::int[],',')
select array_to_string('{{{1},{2}}}'::int[],',','N')
select unnest('{{{1},{2}}}'::int[])
select generate_subscripts('{{{1},{2}}}'::int[],1)
select generate_subscripts('{{{1},{2}}}'::int[],2,true)
select trim_array('{{{1},{2}}}'::int[],1)
select trim_array('{{{1},{2}}}'::int[],5)
select '{{{1},{2}}}'::int[] @> array[1]
select '{{{1},{2}}}'::int[] @> array[null]::int[]
select '{{{1},{2}}}'::int[] <@ array[1,2,3,4]
select '{{{1},{2}}}'::int[] && array[3,9]
select '{{{1},{2}}}'::int[] = array[1,2,3]
select '{{{1},{2}}}'::int[] < array[1,3]
select '{{{1},{2}}}'::int[] >= array[1,2]
select array_larger('{{{1},{2}}}'::int[],array[2])
select array_to_json('{{{1},{2}}}'::int[])
select to_jsonb('{{{1},{2}}}'::int[])
select hash_array('{{{1},{2}}}'::int[])
select array_smaller('{{{1},{2}}}'::int[],array[2])
select ('{{{1},{2}}}'::int[])[1]
select ('{{{1},{2}}}'::int[])[2:3]
select array_fill(7,array[3])
select array_fill(7,array[2,2],array[2,3])
select array_fill(null::int,array[2])
select array_fill(7,null)
select array_fill(7,array[-1])
select array_fill(7,array[1,null])
select array_fill(7,array[0])
select array_fill('x'::text,array[2],array[1,2])
select array_append(null,1)
select array_prepend('a',array['b'])
select array_cat('{{1,2}}'::int[],'{{3}}'::int[])
select array_cat('{{{1}}}'::int[],'{3}'::int[])
select array_position(array['a','b'],'b',null)
select array_position('{{1}}'::int[],1)
select array_remove('{{1}}'::int[],1)
select array['a','b'] @> array['a'::text]
select array[1.0,2] = array[1,2.00]
select array[1,2] <> array[2,1]
select trim_array(array[1],-1)
select '{"a b",c,"",NULL,"null"}'::text[]
select array[row(1,2),row(3,4)]
select array_ndims(array[[1,2],[3,4]])
select array[1,2,3] = any(array[array[1,2,3]])
select 1 = any(array[1,2]), 5 = all(array[5,5]), 3 > all('{}'::int[])
select unnest(array['a',null,'b'])
select array_agg(x) from (values (1),(2),(null)) v(x)
select array_agg(x order by x desc) from (values (1),(2),(null)) v(x)
select array_agg(x) from (values (array[1,2]),(array[3,4])) v(x)
select btarraycmp(array[1],array[2])
