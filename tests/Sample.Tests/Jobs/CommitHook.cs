using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Sample.Tests.Jobs;

/// <summary>Does something right before and right after each commit.</summary>
internal sealed class CommitHook : DbTransactionInterceptor
{
    public Func<Task> Before { get; set; } = static () => Task.CompletedTask;

    public Action After { get; set; } = static () => { };

    public override async ValueTask<InterceptionResult> TransactionCommittingAsync(
        DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        await Before();
        return result;
    }

    public override Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        After();
        return Task.CompletedTask;
    }
}
