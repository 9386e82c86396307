using Cqrs.Routing.Health;
using Cqrs.Routing.Providers;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Cqrs.Routing.Tests.Health;

/// <summary>The health state that two databases on one server share, and the state that each has alone.</summary>
public sealed class ReplicaHealthTests
{
    private static readonly ReplicaHealthOptions Settings = new(FallBack: true, MaxFallbacksPerSecond: 3, TimeSpan.FromSeconds(1), MaxLag: null, MaxLagBytes: null, TimeSpan.Zero);
    private static readonly NpgsqlException Lost = new("lost", new IOException());

    private readonly FakeTimeProvider _clock = new();
    private readonly ReplicaHealth _one;
    private readonly ReplicaHealth _other;

    public ReplicaHealthTests()
    {
        var server = new ServerHealth(Settings, DatabaseProvider.PostgreSql, _clock);
        (_one, _other) = (new(server), new(server));
    }

    [Fact]
    public void Failures_of_two_databases_on_one_server_open_the_circuit_of_both()
    {
        _one.RecordFailure(Lost, ReplicaErrorKind.Unavailable).ShouldBeFalse();
        _other.RecordFailure(Lost, ReplicaErrorKind.Unavailable).ShouldBeFalse();
        _one.RecordFailure(Lost, ReplicaErrorKind.Unavailable).ShouldBeTrue();

        (_one.IsBroken, _other.IsBroken).ShouldBe((true, true));
    }

    [Fact]
    public void Two_databases_on_one_server_spend_one_fallback_budget()
    {
        _one.TryAcquireFallback().ShouldBeTrue();
        _other.TryAcquireFallback().ShouldBeTrue();
        _one.TryAcquireFallback().ShouldBeTrue();

        _other.TryAcquireFallback().ShouldBeFalse();
    }

    [Fact]
    public void A_replayed_position_needs_a_recovery_check_once_another_database_found_the_server_lost()
    {
        var position = new ReplicationPosition("shop", 7);
        _one.Replayed(position);
        (_one.LastReplayed, _one.PendingRecoveryCheck).ShouldBe((position, null));

        _other.RecordFailure(Lost, ReplicaErrorKind.Unavailable);

        _one.LastReplayed.ShouldBeNull();
        _one.PendingRecoveryCheck.ShouldNotBeNull();
    }

    [Fact]
    public void Each_database_completes_its_own_recovery_check_and_a_later_check_remains()
    {
        _one.RecordFailure(Lost, ReplicaErrorKind.Unavailable);
        var check = _one.PendingRecoveryCheck.ShouldNotBeNull();
        _one.CompleteRecoveryCheck(check);
        (_one.PendingRecoveryCheck is null, _other.PendingRecoveryCheck is null).ShouldBe((true, false));

        _other.RecordFailure(Lost, ReplicaErrorKind.Unavailable);
        _one.CompleteRecoveryCheck(check);
        _one.PendingRecoveryCheck.ShouldNotBeNull();
    }

    [Fact]
    public async Task An_error_of_the_applications_own_in_a_probe_says_nothing_of_the_server()
    {
        await _one.ProbeAsync(onlyIfDue: false, static () => throw new InvalidCastException("an interceptor that needs its request"));
        (_one.IsBroken, _one.PendingRecoveryCheck).ShouldBe((false, null));

        for (var failure = 0; failure < 3; failure++)
            _one.RecordFailure(Lost, ReplicaErrorKind.Unavailable);
        _clock.Advance(TimeSpan.FromSeconds(2));
        await _one.ProbeAsync(onlyIfDue: true, static () => throw new InvalidCastException("an interceptor that needs its request"));
        _one.IsBroken.ShouldBeFalse();
    }

    [Fact]
    public void Types_are_loaded_again_once_in_a_while()
    {
        _clock.Advance(TimeSpan.FromSeconds(1));
        _one.TryBeginReload().ShouldBeTrue();
        (_one.IsReloadDue, _one.TryBeginReload(), _other.IsReloadDue).ShouldBe((false, false, true));

        _clock.Advance(TimeSpan.FromMinutes(1));
        _one.TryBeginReload().ShouldBeTrue();
    }
}
