using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.Benchmarks.Growth;

/// <summary>A thousand request types.</summary>
internal static class ManyTypes
{
    public const int Count = 1000;

    private static readonly Type[] Digits =
        [typeof(byte), typeof(sbyte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong), typeof(float), typeof(double)];

    private static readonly Type[] Names = [.. Enumerable.Range(0, Count).Select(TypeOf)];

    public static IRequest<string>[] Requests { get; } =
        [.. Names.Select(name => (IRequest<string>)Activator.CreateInstance(typeof(OneOfMany<>).MakeGenericType(name))!)];

    public static void AddHandlers(IServiceCollection services)
    {
        foreach (var name in Names)
        {
            var service = typeof(IRequestHandler<,>).MakeGenericType(typeof(OneOfMany<>).MakeGenericType(name), typeof(string));
            services.AddTransient(service, typeof(OneOfManyHandler<>).MakeGenericType(name));
        }
    }

    private static Type TypeOf(int number) => number < 10
        ? Digits[number]
        : typeof(Digit<,>).MakeGenericType(Digits[number % 10], TypeOf(number / 10));
}
