namespace Cqrs.Routing.TestServers;

/// <summary>What can be done to the standby of a pair that was started here.</summary>
public sealed partial class PostgresPair
{
    /// <summary>Stops the standby.</summary>
    /// <param name="immediately">As in a crash: nobody is told, and no buffer is written.</param>
    public Task StopStandbyAsync(bool immediately = false) => OnStandbyAsync("stop-server", immediately ? "immediate" : "fast");

    /// <summary>Starts the standby again, on the port that it had, and returns once it answers.</summary>
    public Task StartStandbyAsync() => OnStandbyAsync("start-server");

    /// <summary>Makes the standby a primary of its own: it replays nothing more, and takes writes.</summary>
    public Task PromoteStandbyAsync() => OnStandbyAsync("promote");

    /// <summary>Makes the standby a copy of the primary again, from a new backup, on the port that it had.</summary>
    public Task RebuildStandbyAsync() => OnStandbyAsync("rebuild");

    private Task OnStandbyAsync(string command, params string[] arguments) => _directory is { } directory
        ? Task.Run(() => PostgresScript.OnServer(command, directory, "replica", arguments))
        : throw new InvalidOperationException($"This pair was supplied by {PrimaryVariable} and {ReplicaVariable}, so its servers are somebody else's to stop.");
}
