using Cqrs.Routing.Internal;

namespace Cqrs.Routing.SqlText;

/// <summary>Lists SQL Server's own procedures that only read, by its documentation. No procedure of an application can take their place.</summary>
internal static class SystemProcedures
{
    // sp_set_session_context changes values that row-level security uses, and the pool resets them. Not listed: sp_spaceused, which may correct the counts that it
    // returns.
    private static readonly WordSet Readers = new(
        "sp_column_privileges sp_columns sp_databases sp_depends sp_describe_first_result_set sp_describe_undeclared_parameters sp_fkeys sp_help sp_helpconstraint sp_helpdb "
        + "sp_helpfile sp_helpindex sp_helprole sp_helptext sp_helptrigger sp_helpuser sp_lock sp_pkeys sp_server_info sp_set_session_context sp_special_columns sp_sproc_columns "
        + "sp_statistics sp_stored_procedures sp_table_privileges sp_tables sp_who");

    public static bool Read(ReadOnlySpan<char> procedure) => Readers.Contains(procedure);
}
