using System.Globalization;
using System.Text;
using Cqrs.Routing.Diagnostics;

namespace Cqrs.Routing.Shadow;

/// <summary>Formats a <see cref="ShadowReport"/> as a list of problems to fix before routing is turned on.</summary>
internal static class ShadowReportFormatter
{
    public static string Format(IReadOnlyList<ShadowedRequest> requests, IReadOnlyList<string> broken, IReadOnlyDictionary<string, long> outside)
    {
        if (requests.Count == 0 && outside.Count == 0)
            return "Shadow mode: no request ran in shadow mode. RoutingRolloutOptions.Percent below 100, or an entry in Requests, puts requests into it.";

        requests = WithUniqueNames(requests);
        var problems = broken.Select(problem => $"The replica cannot be used. {problem}").Concat(requests.SelectMany(ProblemsOf)).ToList();
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Shadow mode: {Count(requests.Sum(request => request.Runs), "request")} of {Count(requests.Count, "type")} ran on the primary, and nothing was refused. ")
            .AppendLine(problems.Count == 0 ? "Nothing to fix before going live." : "To fix or to know before going live:");
        for (var index = 0; index < problems.Count; index++)
            text.Append(CultureInfo.InvariantCulture, $"{index + 1,3}. ").AppendLine(problems[index]);

        AppendNames(text, "Ready for the replica: ", requests.Where(request => request.IsQuery && Replica(request) > 0 && !Tracks(request) && !HasProblem(request)));
        AppendTracking(text, requests);
        AppendNames(text, "On the primary by design: ", requests.Where(request => !HasProblem(request) && !Tracks(request) && Replica(request) == 0 && !UsedNoContext(request)));
        AppendNames(text, "Used no context that is routed, so the library did not see what they read (another connection, such as one of Dapper, is not routed): ", requests.Where(UsedNoContext));
        AppendOutside(text, outside);
        return text.ToString().TrimEnd();
    }

    private static IEnumerable<string> ProblemsOf(ShadowedRequest request)
    {
        if (request.Writes > 0)
        {
            yield return $"{Runs(request, request.Writes)} is a query and would have been refused as a write ({nameof(QueryWriteException)}): {string.Join("; ", request.WriteAttempts)}. "
                + "Make it a command (ICommand), or move the write into a command that is sent after it.";
        }

        if (request.Commands > 0)
        {
            yield return $"{Runs(request, request.Commands)} is a query and would have been refused for sending {string.Join(", ", request.SentCommands)} ({nameof(CommandInQueryException)}). "
                + $"Make it a command, send the command after it, or set {nameof(RoutingOptions)}.{nameof(RoutingOptions.AllowCommandsInQueries)}.";
        }
        else if (Outcome(request, RouteReason.AfterInnerCommand) is > 0 and var sent)
        {
            yield return $"{Runs(request, sent)} would have left the replica after sending a command, for what it reads after that. Send the command after it.";
        }

        if (request.LeftOpen > 0)
        {
            yield return $"{Runs(request, request.LeftOpen)} left a connection open, which would have been closed when the query ended. "
                + "Close it in the query (CloseConnectionAsync, or await using), and open it again where it is needed later.";
        }

        if (request.SwallowedErrors > 0)
        {
            yield return $"{Runs(request, request.SwallowedErrors)} answered although a statement failed: its handler or a behavior turns errors into results. A query that the replica fails among its rows is then not run again on the primary. "
                + "Let the driver's errors through, or turn them into results outside routing.";
        }

        if (request.Stale > 0)
        {
            yield return $"{request.Name} would have been stale in {request.Stale} of {Count(request.Sampled, "run")} for which the replica was asked: it had not replayed what the session had written. "
                + $"Such a query reads from the primary after all ({nameof(RouteReason.NotCaughtUp)}) as long as its session is carried from request to request (UseRoutingSessions, or GetTokenAsync and TryResume); "
                + $"{nameof(ReplicaOptions)}.{nameof(ReplicaOptions.MaxCatchUpWait)} lets it wait for the replica instead.";
        }

        if (Outcome(request, RouteReason.PositionUnknown) is > 0 and var unknown)
        {
            yield return $"{Runs(request, unknown)} depends on what the replica has replayed, which cannot be read, and would have stayed on the primary. "
                + "Grant what PositionSources asks for; a warning in the log says why.";
        }

        foreach (var reason in RouteReasons.With(RouteReasonTraits.ReplicaFault))
        {
            if (Outcome(request, reason) is > 0 and var refused)
                yield return $"{Runs(request, refused)} would have run on the primary after all ({reason}): {RouteReasons.Describe(reason)}. {AdviceOn(reason)}";
        }

        if (request.IsQuery && NeverReaches(request) is { } other)
            yield return $"{Runs(request, Outcome(request, other))} would have stayed on the primary ({other}): {RouteReasons.Describe(other)}. {AdviceOn(other)}";
    }

    // Three types named List.Query are told apart by their namespaces.
    private static IReadOnlyList<ShadowedRequest> WithUniqueNames(IReadOnlyList<ShadowedRequest> requests)
    {
        var shared = requests.GroupBy(static request => request.Name).Where(static group => group.Skip(1).Any()).Select(static group => group.Key).ToHashSet();
        return [.. requests.Select(request => shared.Contains(request.Name) ? request with { Name = request.Request } : request)];
    }

    private static bool UsedNoContext(ShadowedRequest request) => request.IsQuery && request.Outcomes.Count == 0 && !HasProblem(request);

    // Tracking is not a problem: the answers are correct. The replica could only serve more.
    private static void AppendTracking(StringBuilder text, IReadOnlyList<ShadowedRequest> requests)
    {
        var queries = requests.Count(static request => request.IsQuery);
        var tracking = requests.Where(Tracks).ToList();
        AppendNames(
            text,
            $"Tracks what it reads, which comes from the primary ({tracking.Count} of {Count(queries, "query type")}; AsNoTracking() or a projection lets the replica serve it): ",
            tracking);
    }

    private static void AppendOutside(StringBuilder text, IReadOnlyDictionary<string, long> outside)
    {
        if (outside.Count > 0)
        {
            text.Append("Used outside any request, so on the primary (RouteScope.BeginQuery(\"name\") around reads lets the replica serve them): ")
                .AppendJoin(", ", outside.Select(static context => $"{context.Key} ({Count(context.Value, "use")})"))
                .AppendLine(".");
        }
    }

    private static bool Tracks(ShadowedRequest request) => request.IsQuery && Outcome(request, RouteReason.Tracking) > 0;

    private static bool HasProblem(ShadowedRequest request) => ProblemsOf(request).Any();

    // A query that reads from the primary by its own or its sender's design is not a problem.
    private static RouteReason? NeverReaches(ShadowedRequest request)
    {
        foreach (var reason in RouteReasons.With(RouteReasonTraits.Context))
        {
            if (Outcome(request, reason) > 0 && Replica(request) == 0)
                return reason;
        }

        return null;
    }

    private static string AdviceOn(RouteReason reason) => reason switch
    {
        RouteReason.OpenConnection or RouteReason.AmbientTransaction => "If a transaction or a connection is opened around every request, open it around commands only.",
        RouteReason.NoReplica => "Name the replica with UseReplica(...).",
        _ => "A warning in the log says why.",
    };

    private static long Replica(ShadowedRequest request) => Outcome(request, RouteReason.Query);

    private static long Outcome(ShadowedRequest request, RouteReason reason) => request.Outcomes.GetValueOrDefault(reason);

    private static string Runs(ShadowedRequest request, long runs) => string.Create(CultureInfo.InvariantCulture, $"{request.Name} ({runs} of {Count(request.Runs, "run")})");

    private static string Count(long number, string what) => string.Create(CultureInfo.InvariantCulture, $"{number:N0} {what}{(number == 1 ? "" : "s")}");

    private static void AppendNames(StringBuilder text, string title, IEnumerable<ShadowedRequest> requests)
    {
        var names = requests.Select(request => string.Create(CultureInfo.InvariantCulture, $"{request.Name} ({request.Runs:N0})")).ToList();
        if (names.Count > 0)
            text.Append(title).AppendJoin(", ", names).AppendLine(".");
    }
}
