using System.Data;
using Cqrs.Routing.EntityFrameworkCore.Configuration;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace Cqrs.Routing.EntityFrameworkCore.Replicas;

/// <summary>
/// Makes a mirror's connection read-only while a query has it open. The same connection must accept writes before and after. This is the only layer
/// of the guard that sees commands sent past EF Core.
/// </summary>
internal sealed class ReadOnlySession(IRelationalConnection connection, RelationalOptionsExtension provider)
{
    private int _opened;
    private bool _readOnly;

    /// <summary>Begins one use of the connection. The connection must be open.</summary>
    public void Enter(bool readOnly)
    {
        _opened++;
        try
        {
            Follow(readOnly);
        }
        catch (Exception)
        {
            _opened--;
            throw;
        }
    }

    /// <summary>
    /// Switches the connection between read-only and writable. A query may hold the connection open and send a command, which must be able to write
    /// on it.
    /// </summary>
    public void Follow(bool readOnly)
    {
        if (_opened > 0 && readOnly != _readOnly)
            Switch(readOnly);
    }

    /// <summary>Ends one use of the connection. Must be called before the connection may close.</summary>
    public void Leave()
    {
        try
        {
            if (_opened == 1)
                Follow(readOnly: false);
        }
        finally
        {
            if (_opened > 0)
                _opened--;
        }
    }

    public void Reset()
    {
        _opened = 0;
        _readOnly = false;
    }

    private void Switch(bool readOnly)
    {
        if (CommandText(readOnly) is not { } text || connection.DbConnection.State != ConnectionState.Open)
            return;

        using var command = connection.DbConnection.CreateCommand();
        command.CommandText = text;
        command.Transaction = connection.CurrentTransaction?.GetDbTransaction();
        command.ExecuteNonQuery();
        _readOnly = readOnly;
    }

    private string? CommandText(bool readOnly) =>
        ProviderResolver.GetDatabase(provider).GetReadOnlyCommand(readOnly, connection.CurrentTransaction is not null);
}
