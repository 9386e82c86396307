using Cqrs.Routing.Load.Chaos.Servers;
using Microsoft.EntityFrameworkCore;

namespace Cqrs.Routing.Load.Chaos.Load;

/// <summary>What the primary holds in the end, beside what the workers were told.</summary>
/// <param name="Twice">Commands that are there more than once.</param>
/// <param name="Lost">Commands that were reported done and are not there.</param>
/// <param name="Wrong">Rows that hold anything else than was committed last.</param>
internal sealed record Books(long Twice, long Lost, int Wrong)
{
    public static async Task<Books> CloseAsync(ChaosServers servers, IReadOnlyList<Worker> workers, long sharedBefore, CancellationToken cancellationToken)
    {
        await using var db = servers.Primary();
        var executed = await db.Executions.GroupBy(execution => execution.Worker)
            .Select(group => new { group.Key, Total = group.LongCount(), Different = group.Select(execution => execution.Number).Distinct().LongCount() })
            .ToDictionaryAsync(group => group.Key, cancellationToken);
        var rows = await db.Rows.ToDictionaryAsync(row => row.Id, row => row.Value, cancellationToken);
        var balance = await db.Accounts.SumAsync(account => account.Balance, cancellationToken);

        var shared = rows[Worker.SharedRow] - sharedBefore - workers.Sum(worker => worker.Done.Increments);
        var wrong = workers.Count(worker => rows[worker.Done.Id] != worker.Done.Number) + (balance == 0 ? 0 : 1);
        var twice = executed.Values.Sum(group => group.Total - group.Different);
        // Numbers count from one, without a gap.
        var lost = workers.Sum(worker => worker.Done.Number - (executed.GetValueOrDefault(worker.Done.Id)?.Different ?? 0));
        return new(twice + Math.Max(0, shared), lost + Math.Max(0, -shared), wrong);
    }
}
