using System.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace Cqrs.Routing.EntityFrameworkCore;

/// <summary>
/// Makes a mirror's connection read-only while a query has it open: the same connection must take writes before and after. The only layer of the
/// guard that sees commands sent past EF.
/// </summary>
internal sealed class ReadOnlySession(IRelationalConnection connection, RelationalOptionsExtension provider)
{
    private int _opened;

    /// <summary>To be called with the connection open.</summary>
    public void Enter()
    {
        if (_opened++ == 0)
            Switch(readOnly: true);
    }

    /// <summary>To be called before the connection may close.</summary>
    public void Leave()
    {
        if (_opened > 0 && --_opened == 0)
            Switch(readOnly: false);
    }

    public void Reset() => _opened = 0;

    private void Switch(bool readOnly)
    {
        if (CommandText(readOnly) is not { } text || connection.DbConnection.State != ConnectionState.Open)
            return;

        using var command = connection.DbConnection.CreateCommand();
        command.CommandText = text;
        command.Transaction = connection.CurrentTransaction?.GetDbTransaction();
        command.ExecuteNonQuery();
    }

    // PostgreSQL cannot leave a read-only transaction again, so inside one it is left to the other layers. SQL Server has no such session.
    private string? CommandText(bool readOnly) =>
        Providers.IsSqlite(provider) ? $"PRAGMA query_only = {(readOnly ? 1 : 0)}"
        : Providers.IsNpgsql(provider) && connection.CurrentTransaction is null ? $"SET default_transaction_read_only = {(readOnly ? "on" : "off")}"
        : null;
}
