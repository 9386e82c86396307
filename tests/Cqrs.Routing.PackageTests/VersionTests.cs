using System.Reflection;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.PackageTests;

public sealed class VersionTests
{
    [Fact]
    public void The_MediatR_that_runs_is_the_requested_one() => VersionOf(typeof(IMediator)).ShouldBe(Requested.MediatRVersion);

    [Fact]
    public void The_library_that_runs_is_the_one_packed_now()
    {
        VersionOf(typeof(CqrsRoutingServiceCollectionExtensions)).ShouldBe(Requested.PackedVersion);
        VersionOf(typeof(RouteScope)).ShouldBe(Requested.PackedVersion);
        VersionOf(typeof(ICommand)).ShouldBe(Requested.PackedVersion);
    }

    [Fact]
    public void The_library_was_compiled_against_the_oldest_MediatR() => typeof(CqrsRoutingServiceCollectionExtensions).Assembly
        .GetReferencedAssemblies().Single(reference => reference.Name == "MediatR").Version!.Major.ShouldBe(12);

    private static string VersionOf(Type type) => type.Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
