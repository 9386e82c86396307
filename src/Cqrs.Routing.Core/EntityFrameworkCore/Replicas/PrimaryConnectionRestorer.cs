using System.Data;
using System.Data.Common;
using Cqrs.Routing.EntityFrameworkCore.Configuration;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace Cqrs.Routing.EntityFrameworkCore.Replicas;

/// <summary>Stores the primary's own connection while the application uses another one. The next lease of a pooled context gets it back.</summary>
internal sealed class PrimaryConnectionRestorer(IRelationalConnection primary, IDbContextOptions context)
{
    private string? _connectionString;
    private DbDataSource? _dataSource;

    /// <summary>Gets whether this lease uses another primary.</summary>
    public bool IsChanged { get; private set; }

    /// <summary>Stores the primary's own connection. Must be called before the first change of a lease.</summary>
    public void Remember()
    {
        if (IsChanged)
            return;

        IsChanged = true;
        _dataSource = ProviderResolver.DataSourceOf(primary);
        _connectionString = _dataSource is null ? primary.ConnectionString : null;
    }

    public void Restore()
    {
        if (!IsChanged)
            return;

        IsChanged = false;
        var options = RelationalOptionsExtension.Extract(context);
        if (options.Connection is { } supplied)
        {
            primary.SetDbConnection(supplied, options.IsConnectionOwned);
            if (supplied.State == ConnectionState.Closed && supplied.ConnectionString != _connectionString)
                primary.ConnectionString = _connectionString;
            return;
        }

        primary.SetDbConnection(null, contextOwnsConnection: true);
        primary.ConnectionString = _connectionString;
        if (_dataSource is not null)
            ProviderResolver.RestoreDataSource(primary, _dataSource);
    }
}
