namespace Cqrs.Routing.Internal;

/// <summary>Spreads actions that several processes would otherwise run at the same time.</summary>
internal static class Jitter
{
    /// <summary>Returns a random time between three quarters and five quarters of the given one, uniformly distributed.</summary>
    public static TimeSpan Apply(TimeSpan time) => time * (0.75 + (Random.Shared.NextDouble() / 2));
}
