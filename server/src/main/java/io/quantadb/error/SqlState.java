package io.quantadb.error;

import java.util.HashMap;
import java.util.Map;

/**
 * The catalogue of SQLSTATE codes: the only place where the five characters are written.
 *
 * <p>A constant's name is the one PostgreSQL uses in its sources without {@code ERRCODE_}; its cryptic class prefixes
 * are spelled out or, where no clash results, left out ({@code SERIALIZATION_FAILURE}, {@code DEADLOCK_DETECTED}).
 * Immutable; usable from any thread.
 *
 * <p>Source: PostgreSQL 15 documentation, appendix "PostgreSQL Error Codes".
 */
public enum SqlState {
    // Class 00 - Successful Completion
    SUCCESSFUL_COMPLETION("00000", Kind.SUCCESS, "successful_completion"),

    // Class 01 - Warning
    WARNING("01000", Kind.WARNING, "warning"),
    WARNING_DYNAMIC_RESULT_SETS_RETURNED("0100C", Kind.WARNING, "dynamic_result_sets_returned"),
    WARNING_IMPLICIT_ZERO_BIT_PADDING("01008", Kind.WARNING, "implicit_zero_bit_padding"),
    WARNING_NULL_VALUE_ELIMINATED_IN_SET_FUNCTION("01003", Kind.WARNING, "null_value_eliminated_in_set_function"),
    WARNING_PRIVILEGE_NOT_GRANTED("01007", Kind.WARNING, "privilege_not_granted"),
    WARNING_PRIVILEGE_NOT_REVOKED("01006", Kind.WARNING, "privilege_not_revoked"),
    WARNING_STRING_DATA_RIGHT_TRUNCATION("01004", Kind.WARNING, "string_data_right_truncation"),
    WARNING_DEPRECATED_FEATURE("01P01", Kind.WARNING, "deprecated_feature"),

    // Class 02 - No Data (this is also a warning class per the SQL standard)
    NO_DATA("02000", Kind.WARNING, "no_data"),
    NO_ADDITIONAL_DYNAMIC_RESULT_SETS_RETURNED("02001", Kind.WARNING, "no_additional_dynamic_result_sets_returned"),

    // Class 03 - SQL Statement Not Yet Complete
    SQL_STATEMENT_NOT_YET_COMPLETE("03000", Kind.ERROR, "sql_statement_not_yet_complete"),

    // Class 08 - Connection Exception
    CONNECTION_EXCEPTION("08000", Kind.ERROR, "connection_exception"),
    CONNECTION_DOES_NOT_EXIST("08003", Kind.ERROR, "connection_does_not_exist"),
    CONNECTION_FAILURE("08006", Kind.ERROR, "connection_failure"),
    SQLCLIENT_UNABLE_TO_ESTABLISH_SQLCONNECTION("08001", Kind.ERROR, "sqlclient_unable_to_establish_sqlconnection"),
    SQLSERVER_REJECTED_ESTABLISHMENT_OF_SQLCONNECTION(
            "08004", Kind.ERROR, "sqlserver_rejected_establishment_of_sqlconnection"),
    TRANSACTION_RESOLUTION_UNKNOWN("08007", Kind.ERROR, "transaction_resolution_unknown"),
    PROTOCOL_VIOLATION("08P01", Kind.ERROR, "protocol_violation"),

    // Class 09 - Triggered Action Exception
    TRIGGERED_ACTION_EXCEPTION("09000", Kind.ERROR, "triggered_action_exception"),

    // Class 0A - Feature Not Supported
    FEATURE_NOT_SUPPORTED("0A000", Kind.ERROR, "feature_not_supported"),

    // Class 0B - Invalid Transaction Initiation
    INVALID_TRANSACTION_INITIATION("0B000", Kind.ERROR, "invalid_transaction_initiation"),

    // Class 0F - Locator Exception
    LOCATOR_EXCEPTION("0F000", Kind.ERROR, "locator_exception"),
    INVALID_LOCATOR_SPECIFICATION("0F001", Kind.ERROR, "invalid_locator_specification"),

    // Class 0L - Invalid Grantor
    INVALID_GRANTOR("0L000", Kind.ERROR, "invalid_grantor"),
    INVALID_GRANT_OPERATION("0LP01", Kind.ERROR, "invalid_grant_operation"),

    // Class 0P - Invalid Role Specification
    INVALID_ROLE_SPECIFICATION("0P000", Kind.ERROR, "invalid_role_specification"),

    // Class 0Z - Diagnostics Exception
    DIAGNOSTICS_EXCEPTION("0Z000", Kind.ERROR, "diagnostics_exception"),
    STACKED_DIAGNOSTICS_ACCESSED_WITHOUT_ACTIVE_HANDLER(
            "0Z002", Kind.ERROR, "stacked_diagnostics_accessed_without_active_handler"),

    // Class 20 - Case Not Found
    CASE_NOT_FOUND("20000", Kind.ERROR, "case_not_found"),

    // Class 21 - Cardinality Violation
    CARDINALITY_VIOLATION("21000", Kind.ERROR, "cardinality_violation"),

    // Class 22 - Data Exception
    DATA_EXCEPTION("22000", Kind.ERROR, "data_exception"),
    ARRAY_SUBSCRIPT_ERROR("2202E", Kind.ERROR, "array_subscript_error"),
    CHARACTER_NOT_IN_REPERTOIRE("22021", Kind.ERROR, "character_not_in_repertoire"),
    DATETIME_FIELD_OVERFLOW("22008", Kind.ERROR, "datetime_field_overflow"),
    DIVISION_BY_ZERO("22012", Kind.ERROR, "division_by_zero"),
    ERROR_IN_ASSIGNMENT("22005", Kind.ERROR, "error_in_assignment"),
    ESCAPE_CHARACTER_CONFLICT("2200B", Kind.ERROR, "escape_character_conflict"),
    INDICATOR_OVERFLOW("22022", Kind.ERROR, "indicator_overflow"),
    INTERVAL_FIELD_OVERFLOW("22015", Kind.ERROR, "interval_field_overflow"),
    INVALID_ARGUMENT_FOR_LOG("2201E", Kind.ERROR, "invalid_argument_for_logarithm"),
    INVALID_ARGUMENT_FOR_NTILE("22014", Kind.ERROR, "invalid_argument_for_ntile_function"),
    INVALID_ARGUMENT_FOR_NTH_VALUE("22016", Kind.ERROR, "invalid_argument_for_nth_value_function"),
    INVALID_ARGUMENT_FOR_POWER_FUNCTION("2201F", Kind.ERROR, "invalid_argument_for_power_function"),
    INVALID_ARGUMENT_FOR_WIDTH_BUCKET_FUNCTION("2201G", Kind.ERROR, "invalid_argument_for_width_bucket_function"),
    INVALID_CHARACTER_VALUE_FOR_CAST("22018", Kind.ERROR, "invalid_character_value_for_cast"),
    INVALID_DATETIME_FORMAT("22007", Kind.ERROR, "invalid_datetime_format"),
    INVALID_ESCAPE_CHARACTER("22019", Kind.ERROR, "invalid_escape_character"),
    INVALID_ESCAPE_OCTET("2200D", Kind.ERROR, "invalid_escape_octet"),
    INVALID_ESCAPE_SEQUENCE("22025", Kind.ERROR, "invalid_escape_sequence"),
    NONSTANDARD_USE_OF_ESCAPE_CHARACTER("22P06", Kind.ERROR, "nonstandard_use_of_escape_character"),
    INVALID_INDICATOR_PARAMETER_VALUE("22010", Kind.ERROR, "invalid_indicator_parameter_value"),
    INVALID_PARAMETER_VALUE("22023", Kind.ERROR, "invalid_parameter_value"),
    INVALID_PRECEDING_OR_FOLLOWING_SIZE("22013", Kind.ERROR, "invalid_preceding_or_following_size"),
    INVALID_REGULAR_EXPRESSION("2201B", Kind.ERROR, "invalid_regular_expression"),
    INVALID_ROW_COUNT_IN_LIMIT_CLAUSE("2201W", Kind.ERROR, "invalid_row_count_in_limit_clause"),
    INVALID_ROW_COUNT_IN_RESULT_OFFSET_CLAUSE("2201X", Kind.ERROR, "invalid_row_count_in_result_offset_clause"),
    INVALID_TABLESAMPLE_ARGUMENT("2202H", Kind.ERROR, "invalid_tablesample_argument"),
    INVALID_TABLESAMPLE_REPEAT("2202G", Kind.ERROR, "invalid_tablesample_repeat"),
    INVALID_TIME_ZONE_DISPLACEMENT_VALUE("22009", Kind.ERROR, "invalid_time_zone_displacement_value"),
    INVALID_USE_OF_ESCAPE_CHARACTER("2200C", Kind.ERROR, "invalid_use_of_escape_character"),
    MOST_SPECIFIC_TYPE_MISMATCH("2200G", Kind.ERROR, "most_specific_type_mismatch"),
    NULL_VALUE_NOT_ALLOWED("22004", Kind.ERROR, "null_value_not_allowed"),
    NULL_VALUE_NO_INDICATOR_PARAMETER("22002", Kind.ERROR, "null_value_no_indicator_parameter"),
    NUMERIC_VALUE_OUT_OF_RANGE("22003", Kind.ERROR, "numeric_value_out_of_range"),
    SEQUENCE_GENERATOR_LIMIT_EXCEEDED("2200H", Kind.ERROR, "sequence_generator_limit_exceeded"),
    STRING_DATA_LENGTH_MISMATCH("22026", Kind.ERROR, "string_data_length_mismatch"),
    STRING_DATA_RIGHT_TRUNCATION("22001", Kind.ERROR, "string_data_right_truncation"),
    SUBSTRING_ERROR("22011", Kind.ERROR, "substring_error"),
    TRIM_ERROR("22027", Kind.ERROR, "trim_error"),
    UNTERMINATED_C_STRING("22024", Kind.ERROR, "unterminated_c_string"),
    ZERO_LENGTH_CHARACTER_STRING("2200F", Kind.ERROR, "zero_length_character_string"),
    FLOATING_POINT_EXCEPTION("22P01", Kind.ERROR, "floating_point_exception"),
    INVALID_TEXT_REPRESENTATION("22P02", Kind.ERROR, "invalid_text_representation"),
    INVALID_BINARY_REPRESENTATION("22P03", Kind.ERROR, "invalid_binary_representation"),
    BAD_COPY_FILE_FORMAT("22P04", Kind.ERROR, "bad_copy_file_format"),
    UNTRANSLATABLE_CHARACTER("22P05", Kind.ERROR, "untranslatable_character"),
    NOT_AN_XML_DOCUMENT("2200L", Kind.ERROR, "not_an_xml_document"),
    INVALID_XML_DOCUMENT("2200M", Kind.ERROR, "invalid_xml_document"),
    INVALID_XML_CONTENT("2200N", Kind.ERROR, "invalid_xml_content"),
    INVALID_XML_COMMENT("2200S", Kind.ERROR, "invalid_xml_comment"),
    INVALID_XML_PROCESSING_INSTRUCTION("2200T", Kind.ERROR, "invalid_xml_processing_instruction"),
    DUPLICATE_JSON_OBJECT_KEY_VALUE("22030", Kind.ERROR, "duplicate_json_object_key_value"),
    INVALID_ARGUMENT_FOR_SQL_JSON_DATETIME_FUNCTION(
            "22031", Kind.ERROR, "invalid_argument_for_sql_json_datetime_function"),
    INVALID_JSON_TEXT("22032", Kind.ERROR, "invalid_json_text"),
    INVALID_SQL_JSON_SUBSCRIPT("22033", Kind.ERROR, "invalid_sql_json_subscript"),
    MORE_THAN_ONE_SQL_JSON_ITEM("22034", Kind.ERROR, "more_than_one_sql_json_item"),
    NO_SQL_JSON_ITEM("22035", Kind.ERROR, "no_sql_json_item"),
    NON_NUMERIC_SQL_JSON_ITEM("22036", Kind.ERROR, "non_numeric_sql_json_item"),
    NON_UNIQUE_KEYS_IN_A_JSON_OBJECT("22037", Kind.ERROR, "non_unique_keys_in_a_json_object"),
    SINGLETON_SQL_JSON_ITEM_REQUIRED("22038", Kind.ERROR, "singleton_sql_json_item_required"),
    SQL_JSON_ARRAY_NOT_FOUND("22039", Kind.ERROR, "sql_json_array_not_found"),
    SQL_JSON_MEMBER_NOT_FOUND("2203A", Kind.ERROR, "sql_json_member_not_found"),
    SQL_JSON_NUMBER_NOT_FOUND("2203B", Kind.ERROR, "sql_json_number_not_found"),
    SQL_JSON_OBJECT_NOT_FOUND("2203C", Kind.ERROR, "sql_json_object_not_found"),
    TOO_MANY_JSON_ARRAY_ELEMENTS("2203D", Kind.ERROR, "too_many_json_array_elements"),
    TOO_MANY_JSON_OBJECT_MEMBERS("2203E", Kind.ERROR, "too_many_json_object_members"),
    SQL_JSON_SCALAR_REQUIRED("2203F", Kind.ERROR, "sql_json_scalar_required"),
    SQL_JSON_ITEM_CANNOT_BE_CAST_TO_TARGET_TYPE("2203G", Kind.ERROR, "sql_json_item_cannot_be_cast_to_target_type"),

    // Class 23 - Integrity Constraint Violation
    INTEGRITY_CONSTRAINT_VIOLATION("23000", Kind.ERROR, "integrity_constraint_violation"),
    RESTRICT_VIOLATION("23001", Kind.ERROR, "restrict_violation"),
    NOT_NULL_VIOLATION("23502", Kind.ERROR, "not_null_violation"),
    FOREIGN_KEY_VIOLATION("23503", Kind.ERROR, "foreign_key_violation"),
    UNIQUE_VIOLATION("23505", Kind.ERROR, "unique_violation"),
    CHECK_VIOLATION("23514", Kind.ERROR, "check_violation"),
    EXCLUSION_VIOLATION("23P01", Kind.ERROR, "exclusion_violation"),

    // Class 24 - Invalid Cursor State
    INVALID_CURSOR_STATE("24000", Kind.ERROR, "invalid_cursor_state"),

    // Class 25 - Invalid Transaction State
    INVALID_TRANSACTION_STATE("25000", Kind.ERROR, "invalid_transaction_state"),
    ACTIVE_SQL_TRANSACTION("25001", Kind.ERROR, "active_sql_transaction"),
    BRANCH_TRANSACTION_ALREADY_ACTIVE("25002", Kind.ERROR, "branch_transaction_already_active"),
    HELD_CURSOR_REQUIRES_SAME_ISOLATION_LEVEL("25008", Kind.ERROR, "held_cursor_requires_same_isolation_level"),
    INAPPROPRIATE_ACCESS_MODE_FOR_BRANCH_TRANSACTION(
            "25003", Kind.ERROR, "inappropriate_access_mode_for_branch_transaction"),
    INAPPROPRIATE_ISOLATION_LEVEL_FOR_BRANCH_TRANSACTION(
            "25004", Kind.ERROR, "inappropriate_isolation_level_for_branch_transaction"),
    NO_ACTIVE_SQL_TRANSACTION_FOR_BRANCH_TRANSACTION(
            "25005", Kind.ERROR, "no_active_sql_transaction_for_branch_transaction"),
    READ_ONLY_SQL_TRANSACTION("25006", Kind.ERROR, "read_only_sql_transaction"),
    SCHEMA_AND_DATA_STATEMENT_MIXING_NOT_SUPPORTED(
            "25007", Kind.ERROR, "schema_and_data_statement_mixing_not_supported"),
    NO_ACTIVE_SQL_TRANSACTION("25P01", Kind.ERROR, "no_active_sql_transaction"),
    IN_FAILED_SQL_TRANSACTION("25P02", Kind.ERROR, "in_failed_sql_transaction"),
    IDLE_IN_TRANSACTION_SESSION_TIMEOUT("25P03", Kind.ERROR, "idle_in_transaction_session_timeout"),

    // Class 26 - Invalid SQL Statement Name
    INVALID_SQL_STATEMENT_NAME("26000", Kind.ERROR, "invalid_sql_statement_name"),

    // Class 27 - Triggered Data Change Violation
    TRIGGERED_DATA_CHANGE_VIOLATION("27000", Kind.ERROR, "triggered_data_change_violation"),

    // Class 28 - Invalid Authorization Specification
    INVALID_AUTHORIZATION_SPECIFICATION("28000", Kind.ERROR, "invalid_authorization_specification"),
    INVALID_PASSWORD("28P01", Kind.ERROR, "invalid_password"),

    // Class 2B - Dependent Privilege Descriptors Still Exist
    DEPENDENT_PRIVILEGE_DESCRIPTORS_STILL_EXIST("2B000", Kind.ERROR, "dependent_privilege_descriptors_still_exist"),
    DEPENDENT_OBJECTS_STILL_EXIST("2BP01", Kind.ERROR, "dependent_objects_still_exist"),

    // Class 2D - Invalid Transaction Termination
    INVALID_TRANSACTION_TERMINATION("2D000", Kind.ERROR, "invalid_transaction_termination"),

    // Class 2F - SQL Routine Exception
    SQL_ROUTINE_EXCEPTION("2F000", Kind.ERROR, "sql_routine_exception"),
    SQL_ROUTINE_FUNCTION_EXECUTED_NO_RETURN_STATEMENT("2F005", Kind.ERROR, "function_executed_no_return_statement"),
    SQL_ROUTINE_MODIFYING_SQL_DATA_NOT_PERMITTED("2F002", Kind.ERROR, "modifying_sql_data_not_permitted"),
    SQL_ROUTINE_PROHIBITED_SQL_STATEMENT_ATTEMPTED("2F003", Kind.ERROR, "prohibited_sql_statement_attempted"),
    SQL_ROUTINE_READING_SQL_DATA_NOT_PERMITTED("2F004", Kind.ERROR, "reading_sql_data_not_permitted"),

    // Class 34 - Invalid Cursor Name
    INVALID_CURSOR_NAME("34000", Kind.ERROR, "invalid_cursor_name"),

    // Class 38 - External Routine Exception
    EXTERNAL_ROUTINE_EXCEPTION("38000", Kind.ERROR, "external_routine_exception"),
    EXTERNAL_ROUTINE_CONTAINING_SQL_NOT_PERMITTED("38001", Kind.ERROR, "containing_sql_not_permitted"),
    EXTERNAL_ROUTINE_MODIFYING_SQL_DATA_NOT_PERMITTED("38002", Kind.ERROR, "modifying_sql_data_not_permitted"),
    EXTERNAL_ROUTINE_PROHIBITED_SQL_STATEMENT_ATTEMPTED("38003", Kind.ERROR, "prohibited_sql_statement_attempted"),
    EXTERNAL_ROUTINE_READING_SQL_DATA_NOT_PERMITTED("38004", Kind.ERROR, "reading_sql_data_not_permitted"),

    // Class 39 - External Routine Invocation Exception
    EXTERNAL_ROUTINE_INVOCATION_EXCEPTION("39000", Kind.ERROR, "external_routine_invocation_exception"),
    EXTERNAL_ROUTINE_INVOCATION_INVALID_SQLSTATE_RETURNED("39001", Kind.ERROR, "invalid_sqlstate_returned"),
    EXTERNAL_ROUTINE_INVOCATION_NULL_VALUE_NOT_ALLOWED("39004", Kind.ERROR, "null_value_not_allowed"),
    EXTERNAL_ROUTINE_INVOCATION_TRIGGER_PROTOCOL_VIOLATED("39P01", Kind.ERROR, "trigger_protocol_violated"),
    EXTERNAL_ROUTINE_INVOCATION_SRF_PROTOCOL_VIOLATED("39P02", Kind.ERROR, "srf_protocol_violated"),
    EXTERNAL_ROUTINE_INVOCATION_EVENT_TRIGGER_PROTOCOL_VIOLATED("39P03", Kind.ERROR, "event_trigger_protocol_violated"),

    // Class 3B - Savepoint Exception
    SAVEPOINT_EXCEPTION("3B000", Kind.ERROR, "savepoint_exception"),
    INVALID_SAVEPOINT_SPECIFICATION("3B001", Kind.ERROR, "invalid_savepoint_specification"),

    // Class 3D - Invalid Catalog Name
    INVALID_CATALOG_NAME("3D000", Kind.ERROR, "invalid_catalog_name"),

    // Class 3F - Invalid Schema Name
    INVALID_SCHEMA_NAME("3F000", Kind.ERROR, "invalid_schema_name"),

    // Class 40 - Transaction Rollback
    TRANSACTION_ROLLBACK("40000", Kind.ERROR, "transaction_rollback"),
    TRANSACTION_INTEGRITY_CONSTRAINT_VIOLATION("40002", Kind.ERROR, "transaction_integrity_constraint_violation"),
    SERIALIZATION_FAILURE("40001", Kind.ERROR, "serialization_failure"),
    STATEMENT_COMPLETION_UNKNOWN("40003", Kind.ERROR, "statement_completion_unknown"),
    DEADLOCK_DETECTED("40P01", Kind.ERROR, "deadlock_detected"),

    // Class 42 - Syntax Error or Access Rule Violation
    SYNTAX_ERROR_OR_ACCESS_RULE_VIOLATION("42000", Kind.ERROR, "syntax_error_or_access_rule_violation"),
    SYNTAX_ERROR("42601", Kind.ERROR, "syntax_error"),
    INSUFFICIENT_PRIVILEGE("42501", Kind.ERROR, "insufficient_privilege"),
    CANNOT_COERCE("42846", Kind.ERROR, "cannot_coerce"),
    GROUPING_ERROR("42803", Kind.ERROR, "grouping_error"),
    WINDOWING_ERROR("42P20", Kind.ERROR, "windowing_error"),
    INVALID_RECURSION("42P19", Kind.ERROR, "invalid_recursion"),
    INVALID_FOREIGN_KEY("42830", Kind.ERROR, "invalid_foreign_key"),
    INVALID_NAME("42602", Kind.ERROR, "invalid_name"),
    NAME_TOO_LONG("42622", Kind.ERROR, "name_too_long"),
    RESERVED_NAME("42939", Kind.ERROR, "reserved_name"),
    DATATYPE_MISMATCH("42804", Kind.ERROR, "datatype_mismatch"),
    INDETERMINATE_DATATYPE("42P18", Kind.ERROR, "indeterminate_datatype"),
    COLLATION_MISMATCH("42P21", Kind.ERROR, "collation_mismatch"),
    INDETERMINATE_COLLATION("42P22", Kind.ERROR, "indeterminate_collation"),
    WRONG_OBJECT_TYPE("42809", Kind.ERROR, "wrong_object_type"),
    GENERATED_ALWAYS("428C9", Kind.ERROR, "generated_always"),
    UNDEFINED_COLUMN("42703", Kind.ERROR, "undefined_column"),
    UNDEFINED_FUNCTION("42883", Kind.ERROR, "undefined_function"),
    UNDEFINED_TABLE("42P01", Kind.ERROR, "undefined_table"),
    UNDEFINED_PARAMETER("42P02", Kind.ERROR, "undefined_parameter"),
    UNDEFINED_OBJECT("42704", Kind.ERROR, "undefined_object"),
    DUPLICATE_COLUMN("42701", Kind.ERROR, "duplicate_column"),
    DUPLICATE_CURSOR("42P03", Kind.ERROR, "duplicate_cursor"),
    DUPLICATE_DATABASE("42P04", Kind.ERROR, "duplicate_database"),
    DUPLICATE_FUNCTION("42723", Kind.ERROR, "duplicate_function"),
    DUPLICATE_PSTATEMENT("42P05", Kind.ERROR, "duplicate_prepared_statement"),
    DUPLICATE_SCHEMA("42P06", Kind.ERROR, "duplicate_schema"),
    DUPLICATE_TABLE("42P07", Kind.ERROR, "duplicate_table"),
    DUPLICATE_ALIAS("42712", Kind.ERROR, "duplicate_alias"),
    DUPLICATE_OBJECT("42710", Kind.ERROR, "duplicate_object"),
    AMBIGUOUS_COLUMN("42702", Kind.ERROR, "ambiguous_column"),
    AMBIGUOUS_FUNCTION("42725", Kind.ERROR, "ambiguous_function"),
    AMBIGUOUS_PARAMETER("42P08", Kind.ERROR, "ambiguous_parameter"),
    AMBIGUOUS_ALIAS("42P09", Kind.ERROR, "ambiguous_alias"),
    INVALID_COLUMN_REFERENCE("42P10", Kind.ERROR, "invalid_column_reference"),
    INVALID_COLUMN_DEFINITION("42611", Kind.ERROR, "invalid_column_definition"),
    INVALID_CURSOR_DEFINITION("42P11", Kind.ERROR, "invalid_cursor_definition"),
    INVALID_DATABASE_DEFINITION("42P12", Kind.ERROR, "invalid_database_definition"),
    INVALID_FUNCTION_DEFINITION("42P13", Kind.ERROR, "invalid_function_definition"),
    INVALID_PSTATEMENT_DEFINITION("42P14", Kind.ERROR, "invalid_prepared_statement_definition"),
    INVALID_SCHEMA_DEFINITION("42P15", Kind.ERROR, "invalid_schema_definition"),
    INVALID_TABLE_DEFINITION("42P16", Kind.ERROR, "invalid_table_definition"),
    INVALID_OBJECT_DEFINITION("42P17", Kind.ERROR, "invalid_object_definition"),

    // Class 44 - WITH CHECK OPTION Violation
    WITH_CHECK_OPTION_VIOLATION("44000", Kind.ERROR, "with_check_option_violation"),

    // Class 53 - Insufficient Resources
    INSUFFICIENT_RESOURCES("53000", Kind.ERROR, "insufficient_resources"),
    DISK_FULL("53100", Kind.ERROR, "disk_full"),
    OUT_OF_MEMORY("53200", Kind.ERROR, "out_of_memory"),
    TOO_MANY_CONNECTIONS("53300", Kind.ERROR, "too_many_connections"),
    CONFIGURATION_LIMIT_EXCEEDED("53400", Kind.ERROR, "configuration_limit_exceeded"),

    // Class 54 - Program Limit Exceeded
    PROGRAM_LIMIT_EXCEEDED("54000", Kind.ERROR, "program_limit_exceeded"),
    STATEMENT_TOO_COMPLEX("54001", Kind.ERROR, "statement_too_complex"),
    TOO_MANY_COLUMNS("54011", Kind.ERROR, "too_many_columns"),
    TOO_MANY_ARGUMENTS("54023", Kind.ERROR, "too_many_arguments"),

    // Class 55 - Object Not In Prerequisite State
    OBJECT_NOT_IN_PREREQUISITE_STATE("55000", Kind.ERROR, "object_not_in_prerequisite_state"),
    OBJECT_IN_USE("55006", Kind.ERROR, "object_in_use"),
    CANT_CHANGE_RUNTIME_PARAM("55P02", Kind.ERROR, "cant_change_runtime_param"),
    LOCK_NOT_AVAILABLE("55P03", Kind.ERROR, "lock_not_available"),
    UNSAFE_NEW_ENUM_VALUE_USAGE("55P04", Kind.ERROR, "unsafe_new_enum_value_usage"),

    // Class 57 - Operator Intervention
    OPERATOR_INTERVENTION("57000", Kind.ERROR, "operator_intervention"),
    QUERY_CANCELED("57014", Kind.ERROR, "query_canceled"),
    ADMIN_SHUTDOWN("57P01", Kind.ERROR, "admin_shutdown"),
    CRASH_SHUTDOWN("57P02", Kind.ERROR, "crash_shutdown"),
    CANNOT_CONNECT_NOW("57P03", Kind.ERROR, "cannot_connect_now"),
    DATABASE_DROPPED("57P04", Kind.ERROR, "database_dropped"),
    IDLE_SESSION_TIMEOUT("57P05", Kind.ERROR, "idle_session_timeout"),

    // Class 58 - System Error (errors external to PostgreSQL itself)
    SYSTEM_ERROR("58000", Kind.ERROR, "system_error"),
    IO_ERROR("58030", Kind.ERROR, "io_error"),
    UNDEFINED_FILE("58P01", Kind.ERROR, "undefined_file"),
    DUPLICATE_FILE("58P02", Kind.ERROR, "duplicate_file"),

    // Class 72 - Snapshot Failure
    SNAPSHOT_TOO_OLD("72000", Kind.ERROR, "snapshot_too_old"),

    // Class F0 - Configuration File Error
    CONFIG_FILE_ERROR("F0000", Kind.ERROR, "config_file_error"),
    LOCK_FILE_EXISTS("F0001", Kind.ERROR, "lock_file_exists"),

    // Class HV - Foreign Data Wrapper Error (SQL/MED)
    FDW_ERROR("HV000", Kind.ERROR, "fdw_error"),
    FDW_COLUMN_NAME_NOT_FOUND("HV005", Kind.ERROR, "fdw_column_name_not_found"),
    FDW_DYNAMIC_PARAMETER_VALUE_NEEDED("HV002", Kind.ERROR, "fdw_dynamic_parameter_value_needed"),
    FDW_FUNCTION_SEQUENCE_ERROR("HV010", Kind.ERROR, "fdw_function_sequence_error"),
    FDW_INCONSISTENT_DESCRIPTOR_INFORMATION("HV021", Kind.ERROR, "fdw_inconsistent_descriptor_information"),
    FDW_INVALID_ATTRIBUTE_VALUE("HV024", Kind.ERROR, "fdw_invalid_attribute_value"),
    FDW_INVALID_COLUMN_NAME("HV007", Kind.ERROR, "fdw_invalid_column_name"),
    FDW_INVALID_COLUMN_NUMBER("HV008", Kind.ERROR, "fdw_invalid_column_number"),
    FDW_INVALID_DATA_TYPE("HV004", Kind.ERROR, "fdw_invalid_data_type"),
    FDW_INVALID_DATA_TYPE_DESCRIPTORS("HV006", Kind.ERROR, "fdw_invalid_data_type_descriptors"),
    FDW_INVALID_DESCRIPTOR_FIELD_IDENTIFIER("HV091", Kind.ERROR, "fdw_invalid_descriptor_field_identifier"),
    FDW_INVALID_HANDLE("HV00B", Kind.ERROR, "fdw_invalid_handle"),
    FDW_INVALID_OPTION_INDEX("HV00C", Kind.ERROR, "fdw_invalid_option_index"),
    FDW_INVALID_OPTION_NAME("HV00D", Kind.ERROR, "fdw_invalid_option_name"),
    FDW_INVALID_STRING_LENGTH_OR_BUFFER_LENGTH("HV090", Kind.ERROR, "fdw_invalid_string_length_or_buffer_length"),
    FDW_INVALID_STRING_FORMAT("HV00A", Kind.ERROR, "fdw_invalid_string_format"),
    FDW_INVALID_USE_OF_NULL_POINTER("HV009", Kind.ERROR, "fdw_invalid_use_of_null_pointer"),
    FDW_TOO_MANY_HANDLES("HV014", Kind.ERROR, "fdw_too_many_handles"),
    FDW_OUT_OF_MEMORY("HV001", Kind.ERROR, "fdw_out_of_memory"),
    FDW_NO_SCHEMAS("HV00P", Kind.ERROR, "fdw_no_schemas"),
    FDW_OPTION_NAME_NOT_FOUND("HV00J", Kind.ERROR, "fdw_option_name_not_found"),
    FDW_REPLY_HANDLE("HV00K", Kind.ERROR, "fdw_reply_handle"),
    FDW_SCHEMA_NOT_FOUND("HV00Q", Kind.ERROR, "fdw_schema_not_found"),
    FDW_TABLE_NOT_FOUND("HV00R", Kind.ERROR, "fdw_table_not_found"),
    FDW_UNABLE_TO_CREATE_EXECUTION("HV00L", Kind.ERROR, "fdw_unable_to_create_execution"),
    FDW_UNABLE_TO_CREATE_REPLY("HV00M", Kind.ERROR, "fdw_unable_to_create_reply"),
    FDW_UNABLE_TO_ESTABLISH_CONNECTION("HV00N", Kind.ERROR, "fdw_unable_to_establish_connection"),

    // Class P0 - PL/pgSQL Error
    PLPGSQL_ERROR("P0000", Kind.ERROR, "plpgsql_error"),
    RAISE_EXCEPTION("P0001", Kind.ERROR, "raise_exception"),
    NO_DATA_FOUND("P0002", Kind.ERROR, "no_data_found"),
    TOO_MANY_ROWS("P0003", Kind.ERROR, "too_many_rows"),
    ASSERT_FAILURE("P0004", Kind.ERROR, "assert_failure"),

    // Class XX - Internal Error
    INTERNAL_ERROR("XX000", Kind.ERROR, "internal_error"),
    DATA_CORRUPTED("XX001", Kind.ERROR, "data_corrupted"),
    INDEX_CORRUPTED("XX002", Kind.ERROR, "index_corrupted");

    /** Second name of {@link #ARRAY_SUBSCRIPT_ERROR}. */
    public static final SqlState ARRAY_ELEMENT_ERROR = ARRAY_SUBSCRIPT_ERROR;
    /** Second name of {@link #DATETIME_FIELD_OVERFLOW}. */
    public static final SqlState DATETIME_VALUE_OUT_OF_RANGE = DATETIME_FIELD_OVERFLOW;
    /** Second name of {@link #INVALID_SQL_STATEMENT_NAME}. */
    public static final SqlState UNDEFINED_PSTATEMENT = INVALID_SQL_STATEMENT_NAME;
    /** Second name of {@link #INVALID_CURSOR_NAME}. */
    public static final SqlState UNDEFINED_CURSOR = INVALID_CURSOR_NAME;
    /** Second name of {@link #INVALID_CATALOG_NAME}. */
    public static final SqlState UNDEFINED_DATABASE = INVALID_CATALOG_NAME;
    /** Second name of {@link #INVALID_SCHEMA_NAME}. */
    public static final SqlState UNDEFINED_SCHEMA = INVALID_SCHEMA_NAME;

    private static final Map<String, SqlState> BY_CODE = new HashMap<>();
    private static final Map<String, SqlState> BY_CONDITION = new HashMap<>();

    static {
        for (SqlState state : values()) {
            BY_CODE.put(state.code, state);
            if (state.conditionName != null) {
                BY_CONDITION.putIfAbsent(state.conditionName, state);
            }
        }
    }

    private final String code;
    private final Kind kind;
    private final String conditionName;

    SqlState(String code, Kind kind, String conditionName) {
        this.code = code;
        this.kind = kind;
        this.conditionName = conditionName;
    }

    /** What a code means for the statement that reports it. */
    public enum Kind { SUCCESS, WARNING, ERROR }

    /** The five characters, for example {@code 42601}. */
    public String code() {
        return code;
    }

    public Kind kind() {
        return kind;
    }

    /** The name that PL/pgSQL's EXCEPTION clause knows, in lower case, or null if it has none. */
    public String conditionName() {
        return conditionName;
    }

    /** The first two characters, which name the class. */
    public String classCode() {
        return code.substring(0, 2);
    }

    /** Whether this is the generic member of its class ({@code xx000}), which stands for all of it in PL/pgSQL. */
    public boolean isCategory() {
        return code.endsWith("000");
    }

    /** The constant with this code, or null: users may raise codes of their own. */
    public static SqlState fromCode(String code) {
        return BY_CODE.get(code);
    }

    /** The first constant with this PL/pgSQL condition name (lower case), or null. */
    public static SqlState fromConditionName(String conditionName) {
        return BY_CONDITION.get(conditionName);
    }
}
